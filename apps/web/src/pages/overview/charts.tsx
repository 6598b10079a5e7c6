import '@mantine/charts/styles.css';
import { AreaChart, BarChart, LineChart } from '@mantine/charts';
import { SimpleGrid } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { Schema } from '../../api/client.js';
import {
  formatCompact,
  formatCost,
  formatDuration,
  formatNumber,
  formatShare,
} from '../../components/format.js';
import type { RunFilters } from '../runs/run-filters.js';
import { bucketSpan, onlyOf } from './behind.js';
import { ChartPanel } from './chart-panel.js';
import { ErrorCodes } from './error-codes.js';

const HEIGHT = 220;
const MAX_DOTS = 30;
/** Shared by all charts, so that they line up. */
const COMMON = {
  h: HEIGHT,
  dataKey: 'label',
  curveType: 'monotone',
  tickLine: 'none',
  strokeWidth: 2,
  gridAxis: 'x',
  xAxisProps: { minTickGap: 32 },
  yAxisProps: { width: 64, allowDecimals: false },
  legendProps: { itemSorter: null },
} as const;

const hour = new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });

interface ChartsProps {
  stats: Schema<'Stats'>;
  /** The same by error code. */
  byCode: Schema<'Stats'> | undefined;
  /** The only agent that is counted. */
  agent: string | undefined;
}

/** Throughput, success rate, duration, spend and error codes over time. */
export default function Charts({ stats, byCode, agent }: ChartsProps) {
  const { totals, bucket } = stats;
  const write = bucket === 'day' ? day : hour;
  const navigate = useNavigate();
  const data = stats.series.map(({ start, ...point }) => ({
    ...point,
    start,
    label: write.format(new Date(start)),
    success: shareOf(point),
  }));
  // A single hour needs a dot to be visible; dots on many hours are noise.
  const withDots = data.filter(({ success }) => success !== null).length <= MAX_DOTS;
  const every = bucket === 'day' ? 'by day (UTC)' : 'by hour';
  const ended = totals.succeeded + totals.failed;
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="sm">
      <ChartPanel
        title={`Runs and rejections, ${every}`}
        summary={
          `${formatNumber(totals.succeeded)} succeeded, ${formatNumber(totals.failed)} failed, ` +
          `${formatNumber(totals.rejected)} rejected, ${formatNumber(totals.filtered)} filtered out`
        }
      >
        <BarChart
          {...barOf(COMMON)}
          data={data}
          type="stacked"
          valueFormatter={formatNumber}
          barProps={(series) => ({
            cursor: 'pointer',
            onClick: ({ payload }: { payload?: { start: string } }) => {
              if (!payload) return;
              const span = { ...onlyOf(agent), ...bucketSpan(payload.start, bucket) };
              const kind = EVENTS[series.name];
              if (kind) void navigate({ to: '/events', search: { kind, ...span } });
              else void navigate({ to: '/runs', search: { ...span, ...statusFilter(series.name) } });
            },
          })}
          series={[
            { name: 'succeeded', label: 'Succeeded', color: 'green.6' },
            { name: 'failed', label: 'Failed', color: 'red.6' },
            { name: 'rejected', label: 'Rejected', color: 'gray.5' },
            { name: 'filtered', label: 'Filtered out', color: 'indigo.3' },
          ]}
          withLegend
        />
      </ChartPanel>
      <ChartPanel title={`Success rate, ${every}`} summary={`${formatShare(totals.succeeded, ended)} in all`}>
        <AreaChart
          {...COMMON}
          data={data}
          withDots={withDots}
          valueFormatter={(share) => formatShare(share, 1)}
          yAxisProps={{ width: 64, domain: [0, 1] }}
          series={[{ name: 'success', label: 'Success rate', color: 'green.6' }]}
          connectNulls
        />
      </ChartPanel>
      <ChartPanel
        title={`Duration of runs, ${every}`}
        summary={`median ${formatDuration(totals.p50_ms)}, 95 % within ${formatDuration(totals.p95_ms)}`}
      >
        <LineChart
          {...COMMON}
          data={data}
          withDots={withDots}
          valueFormatter={formatDuration}
          series={[
            { name: 'p50_ms', label: 'Median', color: 'indigo.6' },
            { name: 'p95_ms', label: '95 %', color: 'orange.6' },
          ]}
          connectNulls
          withLegend
        />
      </ChartPanel>
      <Consumption stats={stats} data={data} every={every} />
      {byCode && <ErrorCodes byCode={byCode} agent={agent} common={barOf(COMMON)} writes={{ hour, day }} />}
    </SimpleGrid>
  );
}

type Point = Schema<'Stats'>['series'][number] & { label: string };

/** Shows money if any was spent; otherwise tokens, which are counted without known prices too. */
function Consumption({
  stats: { totals },
  data,
  every,
}: {
  stats: Schema<'Stats'>;
  data: Omit<Point, 'start'>[];
  every: string;
}) {
  if (totals.cost_usd > 0) {
    return (
      <ChartPanel
        title={`Spend, ${every}`}
        summary={`${formatCost(totals.cost_usd)}, as far as prices are known`}
      >
        <BarChart
          {...barOf(COMMON)}
          data={data}
          valueFormatter={formatCost}
          yAxisProps={{ width: 64 }}
          series={[{ name: 'cost_usd', label: 'Spend', color: 'indigo.6' }]}
        />
      </ChartPanel>
    );
  }
  return (
    <ChartPanel
      title={`Tokens, ${every}`}
      summary={`${formatNumber(totals.input_tokens)} in, ${formatNumber(totals.output_tokens)} out; cost unknown`}
    >
      <BarChart
        {...barOf(COMMON)}
        data={data}
        type="stacked"
        valueFormatter={formatCompact}
        series={[
          { name: 'input_tokens', label: 'In', color: 'indigo.6' },
          { name: 'output_tokens', label: 'Out', color: 'teal.6' },
        ]}
        withLegend
      />
    </ChartPanel>
  );
}

const STATUS: Record<string, string> = { succeeded: 'SUCCESS', failed: 'FAILURE' };

/** Parts of bars that are no runs. */
const EVENTS: Record<string, 'refused' | 'filtered'> = { rejected: 'refused', filtered: 'filtered' };

const statusFilter = (name: string): RunFilters =>
  STATUS[name] === undefined ? {} : { status: STATUS[name] };

const shareOf = ({ succeeded, failed }: { succeeded: number; failed: number }): number | null =>
  succeeded + failed === 0 ? null : succeeded / (succeeded + failed);

/** Drops the properties that only lines have. */
const barOf = ({ curveType: _curve, strokeWidth: _width, ...rest }: typeof COMMON) => rest;
