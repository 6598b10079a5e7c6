import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../../api/client.js';
import { BulkButton } from '../../../../components/bulk/bulk-button.js';
import { ALL, FIRST, KeptEvents, POLL_MS } from './kept-events.js';
import { FILTERED } from './kept-kinds.js';

/** The filtered events of an agent, each with a button to run it. */
export function FilteredEvents({ agentId }: { agentId: string }) {
  const queryClient = useQueryClient();
  const [limit, setLimit] = useState(FIRST);
  const path = { id: agentId };
  const { data, error } = api.useQuery(
    'get',
    '/api/agents/{id}/filtered',
    { params: { path, query: { limit } } },
    { refetchInterval: POLL_MS, placeholderData: (before) => before },
  );
  const clear = api.useMutation('delete', '/api/agents/{id}/filtered', {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['get', '/api/agents/{id}/filtered'] }),
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
      onMore={data?.next_cursor && limit === FIRST ? () => setLimit(ALL) : undefined}
      onClear={() => clear.mutate({ params: { path } })}
      actions={
        <BulkButton
          label="Run all…"
          input={{ action: 'accept', filter: { agent_id: agentId, kind: 'filtered' } }}
        />
      }
      agentId={agentId}
      kind={FILTERED}
    />
  );
}
