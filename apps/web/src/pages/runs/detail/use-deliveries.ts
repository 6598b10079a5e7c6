import { api } from '../../../api/client.js';
import { isUnfinished } from '../run-list.js';
import type { Delivery, Trace } from './trace.js';

const POLL_MS = 2_000;
/** For how long after a run's end its delivery may still be missing from the log. */
const SOON_MS = 15_000;

const NONE: readonly Delivery[] = [];

/** The callback deliveries of a run, followed while they are pending. */
export function useDeliveries(trace: Trace | undefined): readonly Delivery[] {
  const hasEnded = trace !== undefined && !isUnfinished(trace);
  const { data } = api.useQuery(
    'get',
    '/api/agents/{id}/callbacks',
    {
      params: {
        path: { id: trace?.agent_id ?? '' },
        query: { limit: 20, ...(trace && { task_id: trace.task_id }) },
      },
    },
    {
      enabled: hasEnded,
      refetchInterval: ({ state }) => {
        const isUnderWay = state.data?.callbacks.some(({ status }) => status === 'pending');
        const endedJustNow = Date.now() - Date.parse(trace?.finished_at ?? '') < SOON_MS;
        return isUnderWay || endedJustNow ? POLL_MS : false;
      },
    },
  );
  return data?.callbacks ?? NONE;
}
