import { Stack, Text } from '@mantine/core';
import type { Schema } from '../../../../api/client.js';
import { FromEvent } from '../../from-event/from-event.js';
import { sampleOf } from '../../from-event/sample-of.js';
import { Accept, KeptRequest } from './kept-request.js';

type Filtered = Schema<'FilteredEvent'> | Schema<'WithheldFilteredEvent'>;

/** How much of a body stands for an event without a name. */
const SHOWN_BODY = 80;

/** Shows an event that the filter left out, and can run it. */
export function FilteredDetails({ agentId, event }: { agentId: string; event: Filtered }) {
  return (
    <Stack gap="xs">
      {'redacted' in event ? (
        <Text size="sm" c="dimmed">
          Your API key may not see the request.
        </Text>
      ) : (
        <>
          <KeptRequest event={event} />
          <FromEvent agentId={agentId} from={event.id} event={sampleOf(event)} />
        </>
      )}
      <Accept
        agentId={agentId}
        event={event}
        label="Run it after all"
        notice="Skips the filter, the signature and rate checks, but not the input schema."
      />
    </Stack>
  );
}

/** The ignored author, or the kind of event, if a header names it. */
export function nameOfFiltered(event: Filtered): string {
  if ('redacted' in event) return event.method;
  if (event.sender !== null) return event.sender;
  const header = Object.keys(event.headers).find((name) =>
    /(^|-)(event|topic)(-(key|type|name))?$/.test(name),
  );
  return (header && event.headers[header]) || event.body.slice(0, SHOWN_BODY);
}
