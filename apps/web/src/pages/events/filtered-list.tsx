import { Badge } from '@mantine/core';
import { keepPreviousData } from '@tanstack/react-query';
import { api } from '../../api/client.js';
import { useNow } from '../../components/use-now.js';
import { FilteredDetails, nameOfFiltered } from '../agents/webhook/activity/filtered-details.js';
import { type EventFilters, eventQuery } from './event-filters.js';
import { EventList } from './event-list.js';

const PAGE = 50;
const REFRESH_MS = 30_000;
const MINUTE_MS = 60_000;

/** Events that the filters of all agents left out. */
export function FilteredList({ filters }: { filters: EventFilters }) {
  const minute = useNow((now) => Math.ceil(now / MINUTE_MS));
  const query = { ...eventQuery(filters, minute * MINUTE_MS), limit: PAGE };
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = api.useInfiniteQuery(
    'get',
    '/api/filtered',
    { params: { query } },
    {
      placeholderData: keepPreviousData,
      // null is left out of the URL.
      initialPageParam: null,
      getNextPageParam: ({ next_cursor }) => next_cursor,
      refetchInterval: REFRESH_MS,
    },
  );
  return (
    <EventList
      label="Filtered events"
      none="An event for which the filter of its agent is false appears here."
      rows={data?.pages.flatMap(({ events }) => events)}
      error={error}
      onMore={hasNextPage ? () => void fetchNextPage() : undefined}
      isReadingMore={isFetchingNextPage}
      badgeOf={({ reason }) => (
        <Badge variant="light" color="gray" radius="sm" tt="none">
          {reason === 'filter' ? 'filter' : 'sender'}
        </Badge>
      )}
      nameOf={nameOfFiltered}
      detailsOf={({ agent_id, event }) => <FilteredDetails agentId={agent_id} event={event} />}
    />
  );
}
