import { Stack } from '@mantine/core';
import { DeliveryAttempts } from '../../../components/delivery-attempts.js';
import { deliveryWords } from '../../../components/delivery-words.js';
import { FactGrid } from '../../../components/fact-grid.js';
import { ResendButton } from '../../../components/resend-button.js';
import { SentCallback } from '../../../components/sent-callback.js';
import { TextView } from '../../../components/text-view.js';
import { RelativeTime } from '../../../components/times.js';
import { Section } from './section.js';
import type { Delivery } from './trace.js';

/** The delivery of the run's end to the callback or a destination. */
export function CallbackDetails({ delivery }: { delivery: Delivery }) {
  const excerpt = delivery.attempts.findLast(({ response_excerpt }) => response_excerpt)?.response_excerpt;
  return (
    <>
      <Section value="facts" title="Delivery">
        <Stack gap="sm" align="flex-start">
          <FactGrid
            width={200}
            facts={{
              Status: deliveryWords(delivery),
              Destination: delivery.destination?.name,
              Event: delivery.type,
              URL: delivery.url,
              'Next attempt': delivery.next_attempt_at && <RelativeTime at={delivery.next_attempt_at} />,
            }}
          />
          <ResendButton delivery={delivery} />
        </Stack>
      </Section>
      {!delivery.destination && (
        <Section value="input" title="Request">
          <SentCallback delivery={delivery} />
        </Section>
      )}
      <Section value="output" title="Attempts">
        <DeliveryAttempts delivery={delivery} />
      </Section>
      {excerpt && (
        <Section value="headers" title="The last answer">
          <TextView text={excerpt} what="Answer" isCode />
        </Section>
      )}
    </>
  );
}
