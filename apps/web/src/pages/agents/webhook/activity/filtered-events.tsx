import { Badge, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schema } from '../../../../api/client.js';
import { BulkButton } from '../../../../components/bulk/bulk-button.js';
import { ALL, FIRST, KeptEvents, POLL_MS } from './kept-events.js';
import { Accept, KeptRequest } from './kept-request.js';

/** How much of a body stands for an event without a name. */
const SHOWN_BODY = 80;

/** The filtered events of an agent, each with a button to run it. */
export function FilteredEvents({ agentId }: { agentId: string }) {
  const queryClient = useQueryClient();
  const [limit, setLimit] = useState(FIRST);
  const [open, setOpen] = useState<string | null>(null);
  const path = { id: agentId };
  const { data, error } = api.useQuery(
    'get',
    '/api/agents/{id}/filtered',
    { params: { path, query: { limit } } },
    { refetchInterval: POLL_MS, placeholderData: (before) => before },
  );
  const clear = api.useMutation('delete', '/api/agents/{id}/filtered', {
    onSuccess: () => {
      setOpen(null);
      return queryClient.invalidateQueries({ queryKey: ['get', '/api/agents/{id}/filtered'] });
    },
  });
  return (
    <KeptEvents
      title="Filtered out"
      label="Filtered events"
      none={
        'No filtered events. An event for which the filter is false gets 200 and is kept here, so that you ' +
        'can check the filter and run the event after all.'
      }
      events={data?.events}
      error={error}
      open={open}
      onOpen={setOpen}
      onMore={data?.next_cursor && limit === FIRST ? () => setLimit(ALL) : undefined}
      onClear={() => clear.mutate({ params: { path } })}
      actions={
        <BulkButton
          label="Run all…"
          input={{ action: 'accept', filter: { agent_id: agentId, kind: 'filtered' } }}
        />
      }
      badgeOf={({ reason }) => (
        <Badge variant="light" color="gray" radius="sm" tt="none">
          {reason === 'filter' ? 'filter' : 'sender'}
        </Badge>
      )}
      nameOf={(event) => ('sender' in event && event.sender !== null ? event.sender : nameOf(event))}
      detailsOf={(event) => (
        <Stack gap="xs">
          {'redacted' in event ? (
            <Text size="sm" c="dimmed">
              Your API key may not see the request.
            </Text>
          ) : (
            <KeptRequest event={event} />
          )}
          <Accept
            agentId={agentId}
            event={event}
            label="Run it after all"
            notice="Skips the filter, the signature and rate checks, but not the input schema."
          />
        </Stack>
      )}
    />
  );
}

/** The kind of event, if a header names it. */
function nameOf(event: Schema<'FilteredEvent'> | Schema<'WithheldFilteredEvent'>): string {
  if ('redacted' in event) return event.method;
  const header = Object.keys(event.headers).find((name) =>
    /(^|-)(event|topic)(-(key|type|name))?$/.test(name),
  );
  return (header && event.headers[header]) || event.body.slice(0, SHOWN_BODY);
}
