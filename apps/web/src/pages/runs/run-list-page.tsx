import { Group, Paper, Stack } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { ErrorState } from '../../components/error-state.js';
import { Page } from '../../components/page.js';
import { useEscape } from '../../components/use-escape.js';
import { BulkBar } from './bulk-bar.js';
import { ListTools } from './list-tools.js';
import { LoadMore } from './load-more.js';
import { NewRunsPill } from './new-runs-pill.js';
import { NoRuns } from './no-runs.js';
import { RunChart } from './run-chart.js';
import { RunCount } from './run-count.js';
import { RunFilterBar } from './run-filter-bar.js';
import type { Run, RunFilters } from './run-filters.js';
import { RunTable, RunTableSkeleton, type Selection } from './run-table.js';
import { useFilterChange } from './use-filter-change.js';
import { useHeldRuns } from './use-held-runs.js';
import { usePlace } from './use-place.js';
import { useRunList } from './use-run-list.js';

const route = getRouteApi('/shell/runs');

/** Every run that matches the filters in the URL, newest first, live. */
export function RunListPage() {
  const filters = route.useSearch();
  const change = useFilterChange();
  return (
    <Page title="Runs">
      <RunFilterBar filters={filters} />
      <RunChart filters={filters} onChange={change} />
      <Group justify="space-between" gap="xs">
        <RunCount key={JSON.stringify(filters)} filters={filters} />
        <ListTools filters={filters} />
      </Group>
      {/* Other filters make it another list. */}
      <LiveList key={JSON.stringify(filters)} filters={filters} />
    </Page>
  );
}

function LiveList({ filters }: { filters: RunFilters }) {
  const [{ shown, isNearEnd }, setScreen] = useState<{ shown: readonly Run[]; isNearEnd: boolean }>({
    shown: [],
    isNearEnd: false,
  });
  const [selected, setSelected] = useState<Selection>(new Set());
  const { list, error, more, takeNewer, shorten } = useRunList(filters, shown);
  const { place, forget } = usePlace(filters);
  const isReturning = place !== undefined;
  const { runs, held, showAll, around } = useHeldRuns(list, { takeNewer, shorten, isReturning });
  const onScreen = useCallback(
    (onIt: readonly Run[], isNear: boolean) => setScreen({ shown: onIt, isNearEnd: isNear }),
    [],
  );
  const clear = () => setSelected(new Set());
  useEscape(clear);

  if (!list) return error ? <ErrorState error={error} /> : <RunTableSkeleton />;
  if (runs.length === 0 && list.next === null) return <NoRuns filters={filters} />;
  return (
    <Stack gap={0} ref={around}>
      <NewRunsPill count={held} isMore={list.newer !== null} onShow={showAll} />
      <Paper p={0}>
        <RunTable
          runs={runs}
          filters={filters}
          selected={selected}
          onSelect={setSelected}
          onScreen={onScreen}
          place={place}
          onPlaced={forget}
        />
      </Paper>
      {list.next !== null && <LoadMore more={more} isNear={isNearEnd} backTo={list.backTo} />}
      <BulkBar runs={runs.filter(({ task_id }) => selected.has(task_id))} filters={filters} onClear={clear} />
    </Stack>
  );
}
