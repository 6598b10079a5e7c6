import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../../api/client.js';
import { BulkButton } from '../../../../components/bulk/bulk-button.js';
import { ALL, FIRST, KeptEvents, POLL_MS } from './kept-events.js';
import { REFUSED } from './kept-kinds.js';

/** The agent's rejections, each with a button to run it. */
export function Rejections({ agentId }: { agentId: string }) {
  const queryClient = useQueryClient();
  const [limit, setLimit] = useState(FIRST);
  const path = { id: agentId };
  const { data, error } = api.useQuery(
    'get',
    '/api/agents/{id}/rejections',
    { params: { path, query: { limit } } },
    { refetchInterval: POLL_MS, placeholderData: (before) => before },
  );
  const clear = api.useMutation('delete', '/api/agents/{id}/rejections', {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['get', '/api/agents/{id}/rejections'] }),
  });
  return (
    <KeptEvents
      title="Rejections"
      label="Rejections"
      none={
        'No rejections. A request that is refused (a wrong signature, a payload that does not match, too ' +
        'many at once) is kept here, so that you can fix the cause and run it.'
      }
      events={data?.rejections}
      error={error}
      onMore={data?.next_cursor && limit === FIRST ? () => setLimit(ALL) : undefined}
      onClear={() => clear.mutate({ params: { path } })}
      actions={<BulkButton label="Run all…" input={{ action: 'accept', filter: { agent_id: agentId } }} />}
      agentId={agentId}
      kind={REFUSED}
    />
  );
}
