import { Badge, Skeleton } from '@mantine/core';
import { keepPreviousData } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { api } from '../../api/client.js';
import type { paths } from '../../api/generated/schema.js';
import { useNow } from '../../components/use-now.js';
import { type EventFilters, eventQuery } from './event-filters.js';
import { EventList } from './event-list.js';

const RejectionDetails = lazy(() => import('../agents/webhook/activity/rejection-details.js'));

const PAGE = 50;
const REFRESH_MS = 30_000;
const MINUTE_MS = 60_000;

/** Refused requests to the webhooks of all agents. */
export function RefusedList({ filters }: { filters: EventFilters }) {
  const minute = useNow((now) => Math.ceil(now / MINUTE_MS));
  const query = { ...eventQuery(filters, minute * MINUTE_MS), limit: PAGE, ...codeOf(filters) };
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = api.useInfiniteQuery(
    'get',
    '/api/rejections',
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
      label="Refused requests"
      none="A request with a wrong signature, or a payload that does not match the input schema, appears here."
      rows={data?.pages.flatMap(({ events }) => events)}
      error={error}
      onMore={hasNextPage ? () => void fetchNextPage() : undefined}
      isReadingMore={isFetchingNextPage}
      badgeOf={({ accepted, status }) => (
        <Badge variant="light" color={accepted ? 'gray' : 'red'} radius="sm">
          {status}
        </Badge>
      )}
      nameOf={({ code }) => code}
      detailsOf={({ agent_id, event }) => (
        <Suspense fallback={<Skeleton h={120} />}>
          <RejectionDetails agentId={agent_id} rejection={event} />
        </Suspense>
      )}
    />
  );
}

type Query = NonNullable<paths['/api/rejections']['get']['parameters']['query']>;

/** The api refuses a code that it does not know, with a message. */
const codeOf = ({ code }: EventFilters): Pick<Query, 'code'> =>
  code === undefined ? {} : { code: code as NonNullable<Query['code']> };
