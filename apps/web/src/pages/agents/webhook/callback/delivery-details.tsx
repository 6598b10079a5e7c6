import { Group, Stack, Text } from '@mantine/core';
import type { Schema } from '../../../../api/client.js';
import { DeliveryAttempts } from '../../../../components/delivery-attempts.js';
import { deliveryWords } from '../../../../components/delivery-words.js';
import { ResendButton } from '../../../../components/resend-button.js';
import { SentCallback } from '../../../../components/sent-callback.js';
import { TextView } from '../../../../components/text-view.js';
import { RelativeTime } from '../../../../components/times.js';
import { RunLink } from '../run-link.js';

type Delivery = Schema<'CallbackDelivery'>;

/** Each attempt of a delivery with the receiver's answer, and a button to send it again. */
export function DeliveryDetails({ delivery }: { delivery: Delivery }) {
  const { attempts, reason, next_attempt_at } = delivery;
  const excerpt = attempts.findLast(({ response_excerpt }) => response_excerpt)?.response_excerpt;
  return (
    <Stack gap="xs">
      {reason && <Text size="sm">{deliveryWords(delivery)}</Text>}
      {next_attempt_at && (
        <Text size="sm">
          Next attempt <RelativeTime at={next_attempt_at} />
        </Text>
      )}
      <SentCallback delivery={delivery} />
      <DeliveryAttempts delivery={delivery} />
      {excerpt && <TextView text={excerpt} what="receiver’s answer" maxHeight={120} isCode />}
      <Group justify="space-between">
        {delivery.task_id === null ? <span /> : <RunLink taskId={delivery.task_id} />}
        <ResendButton delivery={delivery} />
      </Group>
    </Stack>
  );
}
