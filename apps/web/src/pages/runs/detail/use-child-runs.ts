import { useQueries } from '@tanstack/react-query';
import { api } from '../../../api/client.js';
import { isUnfinished } from '../run-list.js';
import type { Trace } from './trace.js';

/** How many children of a run are shown inside it. The others are links. */
const MOST_SHOWN = 10;
const POLL_MS = 2_000;

/** The runs of other agents that a run has called, by id, once they are read. */
export function useChildRuns(trace: Trace, isWanted: boolean): ReadonlyMap<string, Trace> {
  const ids = trace.steps.flatMap(({ tool_calls }) =>
    (tool_calls as { child?: { task_id: string } }[]).flatMap(({ child }) => child?.task_id ?? []),
  );
  const read = useQueries({
    queries: ids.slice(0, MOST_SHOWN).map((id) => ({
      ...api.queryOptions('get', '/api/tasks/{id}', { params: { path: { id } } }),
      enabled: isWanted,
      // A child may have been erased; its line remains.
      retry: false,
      meta: { quiet: true },
      refetchInterval: ({ state }: { state: { data?: Pick<Trace, 'status'> | undefined } }) =>
        state.data && isUnfinished(state.data) ? POLL_MS : false,
    })),
  });
  return new Map(read.flatMap(({ data }) => (data ? [[data.task_id, data as Trace] as const] : [])));
}
