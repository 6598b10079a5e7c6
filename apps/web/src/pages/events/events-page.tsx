import { Group, SegmentedControl, Text, TextInput } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { AgentSelect } from '../../components/agent-select.js';
import { Page } from '../../components/page.js';
import { TimeFilter } from '../runs/time-filter.js';
import type { EventFilters, EventKind } from './event-filters.js';
import { FilteredList } from './filtered-list.js';
import { RefusedList } from './refused-list.js';

const route = getRouteApi('/shell/events');

const KINDS: { value: EventKind; label: string }[] = [
  { value: 'filtered', label: 'Filtered out' },
  { value: 'refused', label: 'Refused' },
];
const ABOUT: Record<EventKind, string> = {
  refused: 'Requests to webhooks that were refused, with the answer that the sender got.',
  filtered: 'Events that got 200 and did not run, because of the filter of their agent or their author.',
};

/** Events of all agents that created no run. */
export function EventsPage() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const { kind = 'filtered' } = filters;
  const change = (some: { [Key in keyof EventFilters]?: EventFilters[Key] | undefined }) =>
    void navigate({ search: (before) => ({ ...before, ...some }) as EventFilters, replace: true });
  return (
    <Page
      title="Filtered and refused events"
      actions={
        <SegmentedControl
          aria-label="Why they did not run"
          data={KINDS}
          value={kind}
          onChange={(value) => change({ kind: value as EventKind })}
        />
      }
    >
      <Text size="sm" c="dimmed">
        {ABOUT[kind]} The last 100 of each agent are kept.
      </Text>
      <Group gap="sm" role="search" aria-label="Events">
        <AgentSelect
          w={{ base: '100%', xs: 220 }}
          value={filters.agent}
          onChange={(agent) => change({ agent })}
        />
        <TimeFilter filters={filters} onChange={change} />
        {kind === 'refused' && (
          <TextInput
            aria-label="Error code"
            placeholder="Any error code"
            w={{ base: '100%', xs: 220 }}
            maxLength={100}
            spellCheck={false}
            value={filters.code ?? ''}
            onChange={({ currentTarget }) => change({ code: currentTarget.value.trim() || undefined })}
          />
        )}
      </Group>
      {kind === 'refused' ? <RefusedList filters={filters} /> : <FilteredList filters={filters} />}
    </Page>
  );
}
