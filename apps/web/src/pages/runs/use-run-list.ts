import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client.js';
import { queryOf, type Run, type RunFilters, scannedFilters } from './run-filters.js';
import {
  isUnfinished,
  listOf,
  liveParts,
  PAGE,
  type RunList,
  shortened,
  withHead,
  withPart,
  withTail,
} from './run-list.js';
import { useShownTexts } from './use-columns.js';

/** How often the list is read again, in ms, while a run of it is unfinished. */
const POLL_MS = 2_000;
/** How often otherwise. */
const IDLE_POLL_MS = 5_000;
/** How often if the api has to look at many runs for it. */
const SCAN_POLL_MS = 20_000;
/** How long the list is kept while the user is on another page, in ms. */
const KEPT_MS = 30 * 60_000;

/**
 * The runs that match the filters, kept current while the tab is visible. `shown` are those on the screen;
 * the unfinished ones among them are refreshed too, however far down they are.
 */
export function useRunList(filters: RunFilters, shown: readonly Run[] = []) {
  const queryClient = useQueryClient();
  const include = useShownTexts();
  const isScanned = scannedFilters(filters) > 0;
  const key = ['run-list', filters, include];
  const change = (to: (list: RunList) => RunList) =>
    queryClient.setQueryData<RunList>(key, (list) => list && to(list));
  const read = (cursor?: string, limit = PAGE) =>
    queryClient.fetchQuery(
      api.queryOptions(
        'get',
        '/api/tasks',
        {
          params: {
            query: { ...queryOf(filters, Date.now()), include, limit, ...(cursor ? { cursor } : {}) },
          },
        },
        { staleTime: 0, gcTime: 0 },
      ),
    );

  const { data: list, error } = useQuery({
    queryKey: key,
    queryFn: async () => {
      const page = await read();
      return withHead(queryClient.getQueryData<RunList>(key), page);
    },
    refetchInterval: ({ state }) => {
      // Words are looked for in the texts of many runs, so only at the user's request.
      if (filters.text !== undefined) return false;
      if (isScanned) return SCAN_POLL_MS;
      return state.data?.runs.some(isUnfinished) ? POLL_MS : IDLE_POLL_MS;
    },
    staleTime: 0,
    gcTime: KEPT_MS,
    structuralSharing: false,
  });

  const parts = list ? liveParts(list, shown) : [];
  useQuery({
    queryKey: ['run-list-parts', filters, include],
    queryFn: async () => {
      for (const mark of parts) {
        const page = await read(mark.cursor, 2 * PAGE);
        change((now) => withPart(now, mark, page));
      }
      return null;
    },
    enabled: parts.length > 0 && !isScanned,
    refetchInterval: POLL_MS,
  });

  const more = useMutation({
    mutationFn: async () => {
      const cursor = list?.next;
      if (!cursor) return;
      const page = await read(cursor);
      change((now) => (now.next === cursor ? withTail(now, page) : now));
    },
    meta: { quiet: true },
  });

  return {
    list,
    error,
    more,
    /** Restarts from the latest answer if it does not join the runs read before. */
    takeNewer: () => change((now) => (now.newer ? listOf(now.newer) : now)),
    /** For when the user looks only at the beginning. */
    shorten: () => change(shortened),
  };
}
