import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../../../api/client.js';
import { rowsOf, type Sort } from './agent-rows.js';

/**
 * Differs from the page size of queries that list agents once; otherwise the cache would mix up their
 * answers.
 */
const PAGE = 50;
const REFRESH_MS = 10_000;

/** How long typing must rest before the api searches, in ms. */
const REST_MS = 200;

/**
 * The agents read so far that match `search`, each with its last 24 hours, and a function that reads more.
 * Without their configurations, which may be large.
 */
export function useAgentRows(search: string, sort: Sort) {
  const [q] = useDebouncedValue(search.trim(), REST_MS);
  const list = api.useInfiniteQuery(
    'get',
    '/api/agents',
    {
      params: {
        query: {
          limit: PAGE,
          fields: 'summary',
          sort: sort === 'name' ? 'name' : 'newest',
          ...(q && { q }),
        },
      },
    },
    {
      placeholderData: keepPreviousData,
      // null is left out of the URL.
      initialPageParam: null,
      getNextPageParam: ({ next_cursor }) => next_cursor,
    },
  );
  const pages = list.data?.pages ?? [];
  const counts = useQueries({
    queries: pages
      .filter(({ agents }) => agents.length > 0)
      .map(({ agents }) => ({
        ...api.queryOptions('get', '/api/stats', {
          params: { query: { group_by: 'agent', bucket: 'hour', agent_id: agents.map(({ id }) => id) } },
        }),
        placeholderData: keepPreviousData,
        // However many pages are loaded, one page of counts is read per interval.
        refetchInterval: REFRESH_MS * pages.length,
      })),
    combine: (results) => ({
      agents: results.flatMap(({ data }) => data?.agents ?? []),
      isPending: results.some(({ isPending }) => isPending),
      error: results.find(({ data, error }) => error && !data)?.error ?? null,
    }),
  });
  const rows = useMemo(
    () =>
      list.data &&
      rowsOf(
        list.data.pages.flatMap(({ agents }) => agents),
        counts.agents,
      ),
    [list.data, counts.agents],
  );
  return { rows, list, isCounting: counts.isPending, statsError: counts.error };
}
