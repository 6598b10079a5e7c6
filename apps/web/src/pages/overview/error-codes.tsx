import { BarChart } from '@mantine/charts';
import { useNavigate } from '@tanstack/react-router';
import type { Schema } from '../../api/client.js';
import { formatNumber } from '../../components/format.js';
import { bucketSpan, onlyOf } from './behind.js';
import { ChartPanel } from './chart-panel.js';

/** How many codes have a colour of their own, and what is left over. */
const COLORS = ['red.7', 'orange.6', 'yellow.6', 'grape.6', 'blue.6', 'teal.6'];
const REST = 'other codes';

interface ErrorCodesProps {
  byCode: Schema<'Stats'>;
  /** The only agent that is counted. */
  agent: string | undefined;
  /** What all bar charts have in common. */
  common: Omit<Parameters<typeof BarChart>[0], 'data' | 'series'>;
  writes: Record<'hour' | 'day', Intl.DateTimeFormat>;
}

/** Failed runs and refused requests over time, by code. */
export function ErrorCodes({ byCode, agent, common, writes }: ErrorCodesProps) {
  const navigate = useNavigate();
  const { groups = [], bucket } = byCode;
  const codes = groups.filter(({ totals }) => countOf(totals) > 0);
  const [first, others] = [codes.slice(0, COLORS.length), codes.slice(COLORS.length)];
  const data = byCode.series.map(({ start }, nth) => ({
    start,
    label: writes[bucket].format(new Date(start)),
    ...Object.fromEntries(first.map(({ name, series }) => [name, countOf(series[nth])])),
    [REST]: others.reduce((sum, { series }) => sum + countOf(series[nth]), 0),
  }));
  const summary = codes.map(({ name, totals }) => `${name} ${formatNumber(countOf(totals))}`).join(', ');
  const open = (name: string, start: string) => {
    const group = codes.find((code) => code.name === name);
    const span = { ...onlyOf(agent), ...bucketSpan(start, bucket) };
    // A code that only requests have leads to those.
    if (group?.totals.failed === 0)
      void navigate({ to: '/events', search: { kind: 'refused', code: name, ...span } });
    else
      void navigate({
        to: '/runs',
        search: { status: 'FAILURE', ...(group && { error: name }), ...span },
      });
  };
  return (
    <ChartPanel
      title={`Error codes, ${bucket === 'day' ? 'by day (UTC)' : 'by hour'}`}
      summary={summary || 'no run failed, no request was refused'}
    >
      <BarChart
        {...common}
        data={data}
        type="stacked"
        valueFormatter={formatNumber}
        barProps={(series) => ({
          cursor: 'pointer',
          onClick: ({ payload }: { payload?: { start: string } }) => {
            if (payload) open(series.name, payload.start);
          },
        })}
        series={[
          ...first.map(({ name }, nth) => ({ name, color: COLORS[nth] ?? 'gray.6' })),
          ...(others.length > 0 ? [{ name: REST, color: 'gray.6' }] : []),
        ]}
        withLegend
      />
    </ChartPanel>
  );
}

const countOf = (counts: { failed: number; rejected: number } | undefined): number =>
  counts === undefined ? 0 : counts.failed + counts.rejected;
