import { api } from '../../api/client.js';
import type { paths } from '../../api/generated/schema.js';
import { REFUSED } from '../agents/webhook/activity/kept-kinds.js';
import type { EventFilters } from './event-filters.js';
import { EventList } from './event-list.js';
import { IN_PAGES, useEventQuery } from './event-query.js';

/** Refused requests to the webhooks of all agents. */
export function RefusedList({ filters }: { filters: EventFilters }) {
  const query = { ...useEventQuery(filters), ...codeOf(filters) };
  const list = api.useInfiniteQuery('get', '/api/rejections', { params: { query } }, IN_PAGES);
  return (
    <EventList
      label="Refused requests"
      none="A request with a wrong signature, or a payload that does not match the input schema, appears here."
      filters={filters}
      list={list}
      kind={REFUSED}
    />
  );
}

type Query = NonNullable<paths['/api/rejections']['get']['parameters']['query']>;

/** The api refuses a code that it does not know, with a message. */
const codeOf = ({ code }: EventFilters): Pick<Query, 'code'> =>
  code === undefined ? {} : { code: code as NonNullable<Query['code']> };
