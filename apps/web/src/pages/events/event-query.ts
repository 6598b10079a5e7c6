import { keepPreviousData } from '@tanstack/react-query';
import { useNow } from '../../components/use-now.js';
import { type EventFilters, eventQuery } from './event-filters.js';

const PAGE = 50;
const REFRESH_MS = 30_000;
const MINUTE_MS = 60_000;

/** The query of both lists. A range ends with this minute. */
export function useEventQuery(filters: EventFilters) {
  const minute = useNow((now) => Math.ceil(now / MINUTE_MS));
  return { ...eventQuery(filters, minute * MINUTE_MS), limit: PAGE };
}

/** How both lists are read. */
export const IN_PAGES = {
  placeholderData: keepPreviousData,
  // null is left out of the URL.
  initialPageParam: null,
  getNextPageParam: ({ next_cursor }: { next_cursor: string | null }) => next_cursor,
  refetchInterval: REFRESH_MS,
};
