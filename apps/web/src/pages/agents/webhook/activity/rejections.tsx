import { Badge, Skeleton } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { api } from '../../../../api/client.js';
import { BulkButton } from '../../../../components/bulk/bulk-button.js';
import { ALL, FIRST, KeptEvents, POLL_MS } from './kept-events.js';

const RejectionDetails = lazy(() => import('./rejection-details.js'));

/** The agent's rejections, each with a button to run it. */
export function Rejections({ agentId }: { agentId: string }) {
  const queryClient = useQueryClient();
  const [limit, setLimit] = useState(FIRST);
  const [open, setOpen] = useState<string | null>(null);
  const path = { id: agentId };
  const { data, error } = api.useQuery(
    'get',
    '/api/agents/{id}/rejections',
    { params: { path, query: { limit } } },
    { refetchInterval: POLL_MS, placeholderData: (before) => before },
  );
  const clear = api.useMutation('delete', '/api/agents/{id}/rejections', {
    onSuccess: () => {
      setOpen(null);
      return queryClient.invalidateQueries({ queryKey: ['get', '/api/agents/{id}/rejections'] });
    },
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
      open={open}
      onOpen={setOpen}
      onMore={data?.next_cursor && limit === FIRST ? () => setLimit(ALL) : undefined}
      onClear={() => clear.mutate({ params: { path } })}
      actions={<BulkButton label="Run all…" input={{ action: 'accept', filter: { agent_id: agentId } }} />}
      badgeOf={({ accepted, status }) => (
        <Badge variant="light" color={accepted ? 'gray' : 'red'} radius="sm">
          {status}
        </Badge>
      )}
      nameOf={({ code }) => code}
      detailsOf={(rejection) => (
        <Suspense fallback={<Skeleton h={120} />}>
          <RejectionDetails agentId={agentId} rejection={rejection} />
        </Suspense>
      )}
    />
  );
}
