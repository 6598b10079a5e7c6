import { api } from '../../api/client.js';
import { FILTERED } from '../agents/webhook/activity/kept-kinds.js';
import type { EventFilters } from './event-filters.js';
import { EventList } from './event-list.js';
import { IN_PAGES, useEventQuery } from './event-query.js';

/** Events that the filters of all agents left out. */
export function FilteredList({ filters }: { filters: EventFilters }) {
  const query = useEventQuery(filters);
  const list = api.useInfiniteQuery('get', '/api/filtered', { params: { query } }, IN_PAGES);
  return (
    <EventList
      label="Filtered events"
      none="An event for which the filter of its agent is false appears here."
      filters={filters}
      list={list}
      kind={FILTERED}
    />
  );
}
