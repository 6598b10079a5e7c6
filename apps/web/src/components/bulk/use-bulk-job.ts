import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../../api/client.js';
import { useOnce } from '../../api/use-once.js';
import { type BulkInput, type BulkJob, isOpen } from './bulk-words.js';

/** How often the progress of a job is read, in ms. */
const POLL_MS = 500;

/** Starts a bulk job and follows it. It goes on without the page. */
export function useBulkJob() {
  const queryClient = useQueryClient();
  const [id, setId] = useState<string>();
  const once = useOnce();
  const starting = api.useMutation('post', '/api/bulk', { meta: { quiet: true } });
  const stopping = api.useMutation('post', '/api/bulk/{id}/stop', { meta: { quiet: true } });
  const read = api.useQuery(
    'get',
    '/api/bulk/{id}',
    { params: { path: { id: id ?? '' } } },
    {
      enabled: id !== undefined,
      refetchInterval: ({ state }) => (state.data && !isOpen(state.data) ? false : POLL_MS),
    },
  );
  const job: BulkJob | undefined = id === undefined ? undefined : (read.data ?? starting.data);
  const isOver = job !== undefined && !isOpen(job);
  useEffect(() => {
    if (!isOver) return;
    for (const queryKey of [
      ['run-list'],
      ['get', '/api/bulk'],
      ['get', '/api/tasks'],
      ['get', '/api/agents/{id}/rejections'],
      ['get', '/api/agents/{id}/filtered'],
      ['get', '/api/agents/{id}/callbacks'],
    ])
      void queryClient.invalidateQueries({ queryKey });
  }, [isOver, queryClient]);
  return {
    job,
    error: starting.error ?? stopping.error ?? (id === undefined ? null : read.error),
    isStarting: starting.isPending,
    start: async (body: BulkInput) => {
      const made = await once(body, (header) => starting.mutateAsync({ body, params: { header } }));
      setId(made.id);
    },
    stop: async () => {
      if (id === undefined) return;
      await stopping.mutateAsync({ params: { path: { id } } });
      await read.refetch();
    },
  };
}
