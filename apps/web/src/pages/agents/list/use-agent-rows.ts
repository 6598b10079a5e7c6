import { useMemo } from 'react';
import { api } from '../../../api/client.js';
import { rowsOf } from './agent-rows.js';

/** Another number than that of queries which list agents once: the cache would take one's answer for the other's. */
const PAGE = 50;
const REFRESH_MS = 10_000;

/** The agents read so far, each with its last 24 hours, and how to read on. */
export function useAgentRows() {
  const list = api.useInfiniteQuery(
    'get',
    '/api/agents',
    { params: { query: { limit: PAGE } } },
    {
      // null is left out of the address.
      initialPageParam: null,
      getNextPageParam: ({ next_cursor }) => next_cursor,
    },
  );
  const stats = api.useQuery(
    'get',
    '/api/stats',
    { params: { query: { group_by: 'agent', bucket: 'hour' } } },
    { refetchInterval: REFRESH_MS },
  );
  const rows = useMemo(
    () =>
      list.data &&
      rowsOf(
        list.data.pages.flatMap(({ agents }) => agents),
        stats.data?.agents,
      ),
    [list.data, stats.data],
  );
  return { rows, list, isCounting: stats.isPending, statsError: stats.data ? null : stats.error };
}
