import { Text } from '@mantine/core';
import { keepPreviousData } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schema } from '../../api/client.js';
import { formatNumber } from '../../components/format.js';
import { useNow } from '../../components/use-now.js';
import { queryOf, type RunFilters, scannedFilters } from './run-filters.js';

/** How often the api counts again, in ms: an index is counted at once, other filters run by run. */
const COUNT_MS = 10_000;
const SCAN_COUNT_MS = 60_000;
const STEP_MS = 15_000;

/** How many runs match the filters. */
export function RunCount({ filters }: { filters: RunFilters }) {
  const isScanned = scannedFilters(filters) > 0;
  // A range moves with the clock, in steps, so that the same question is not asked under new names.
  const step = useNow((ms) => Math.floor(ms / STEP_MS) * STEP_MS);
  const [opened] = useState(Date.now);
  const now = filters.text === undefined ? step : opened;
  const { data } = api.useQuery(
    'get',
    '/api/tasks/count',
    { params: { query: queryOf(filters, now) } },
    {
      placeholderData: keepPreviousData,
      refetchInterval: filters.text === undefined ? (isScanned ? SCAN_COUNT_MS : COUNT_MS) : false,
      staleTime: filters.text === undefined ? 0 : Number.POSITIVE_INFINITY,
    },
  );
  return (
    <Text size="sm" c="dimmed" role="status">
      {data ? words(data) : '\u00a0'}
    </Text>
  );
}

function words({ count, more, archive }: Schema<'TaskCount'>): string {
  const runs = count === 1 && !more ? 'run' : 'runs';
  if (archive) return `${formatNumber(count)} ${runs} without the archive, which does not answer`;
  return more ? `At least ${formatNumber(count)} ${runs}` : `${formatNumber(count)} ${runs}`;
}
