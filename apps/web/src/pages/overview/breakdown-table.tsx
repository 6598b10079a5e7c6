import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Schema } from '../../api/client.js';
import {
  formatCompact,
  formatCost,
  formatDuration,
  formatNumber,
  NO_VALUE,
} from '../../components/format.js';
import { OutsideText } from '../../components/outside-text.js';
import { type RowColumn, RowTable } from '../../components/row-table.js';
import type { RunFilters } from '../runs/run-filters.js';
import { type Counts, filterOf, groupFilter, type Kind } from './behind.js';

const TITLES: Record<Kind, string> = {
  agent: 'Agent',
  sender: 'Sender',
  model: 'Model',
  error_code: 'Error code',
};

interface Column {
  title: string;
  value: (counts: Counts) => string;
  /** What the number adds to the filter of its row, if it leads to runs. */
  filter?: (counts: Counts) => RunFilters;
  /** Where it leads instead of runs. */
  events?: 'refused' | 'filtered';
  /** Kinds that do not have it. */
  not?: readonly Kind[];
}

const COLUMNS: Column[] = [
  {
    title: 'Runs',
    value: ({ triggered }) => formatNumber(triggered),
    filter: () => ({}),
    not: ['model', 'error_code'],
  },
  {
    title: 'Ended',
    value: ({ succeeded, failed }) => formatNumber(succeeded + failed),
    filter: () => ({ status: 'SUCCESS,FAILURE' }),
    not: ['agent', 'sender', 'error_code'],
  },
  {
    title: 'Failed',
    value: ({ failed }) => formatNumber(failed),
    filter: () => ({ status: 'FAILURE' }),
  },
  { title: 'Refused', value: ({ rejected }) => formatNumber(rejected), events: 'refused', not: ['model'] },
  {
    title: 'Filtered',
    value: ({ filtered }) => formatNumber(filtered),
    events: 'filtered',
    not: ['model', 'error_code'],
  },
  { title: 'Median', value: ({ p50_ms }) => formatDuration(p50_ms), filter: atLeast('p50_ms') },
  { title: '95 %', value: ({ p95_ms }) => formatDuration(p95_ms), filter: atLeast('p95_ms') },
  {
    title: 'Tokens',
    value: ({ input_tokens, output_tokens }) => formatCompact(input_tokens + output_tokens),
  },
  {
    title: 'Cost',
    value: ({ cost_usd }) => formatCost(cost_usd),
    filter: () => ({ min_usd: 0.000_001 }),
  },
];

/** The runs that took at least as long. A percentile is known to 5 %. */
function atLeast(field: 'p50_ms' | 'p95_ms') {
  return (counts: Counts): RunFilters => ({ min_ms: Math.floor((counts[field] ?? 0) * 0.95) });
}

/** What a row shows. */
export interface Row {
  /** What the filters call it. */
  name: string;
  label: string;
  counts: Counts;
}

interface BreakdownTableProps {
  kind: Kind;
  rows: readonly Row[];
  stats: Schema<'Stats'>;
  /** The only agent that is counted. */
  agent: string | undefined;
}

/** One row for each group. Its name and its numbers lead to the runs, or the events, behind them. */
export function BreakdownTable({ kind, rows, stats, agent }: BreakdownTableProps) {
  const columns = COLUMNS.filter(({ not }) => !not?.includes(kind));
  const of = filterOf(stats, agent);
  const runsOf = ({ name }: Row) => {
    const filter = groupFilter(kind, name);
    return filter && { ...of, ...filter };
  };
  return (
    <RowTable
      aria-label={`Counts by ${TITLES[kind].toLowerCase()}`}
      verticalSpacing={4}
      rows={rows}
      keyOf={({ name }) => name}
      columns={[
        {
          title: TITLES[kind],
          isName: true,
          least: 120,
          cell: (row: Row) => (
            <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
              <ToRuns filters={runsOf(row)}>
                <OutsideText text={row.label} />
              </ToRuns>
            </Text>
          ),
        },
        ...columns.map(
          (column): RowColumn<Row> => ({
            title: column.title,
            align: 'right',
            noWrap: true,
            cell: (row) => (
              <Figure column={column} counts={row.counts} kind={kind} name={row.name} runs={runsOf(row)} />
            ),
          }),
        ),
      ]}
    />
  );
}

interface FigureProps {
  column: Column;
  counts: Counts;
  kind: Kind;
  name: string;
  runs: RunFilters | undefined;
}

/** A number that leads to what it counts. */
function Figure({ column: { value, filter, events }, counts, kind, name, runs }: FigureProps) {
  const text = value(counts);
  if (text === '0' || text === '$0' || text === NO_VALUE)
    return (
      <Text size="sm" c="dimmed">
        {text}
      </Text>
    );
  if (events !== undefined && (kind === 'agent' || kind === 'error_code')) {
    const { agent, from } = runs ?? {};
    const search = {
      kind: events,
      ...(kind === 'error_code' && { code: name }),
      ...(agent !== undefined && { agent }),
      ...(from !== undefined && { from }),
    };
    return (
      <Anchor size="sm" renderRoot={(props) => <Link to="/events" search={search} {...props} />}>
        {text}
      </Anchor>
    );
  }
  return <ToRuns filters={filter && runs && { ...runs, ...filter(counts) }}>{text}</ToRuns>;
}

const ToRuns = ({ filters, children }: { filters: RunFilters | undefined; children: ReactNode }) =>
  filters === undefined ? (
    <Text size="sm" component="span">
      {children}
    </Text>
  ) : (
    <Anchor size="sm" renderRoot={(props) => <Link to="/runs" search={filters} {...props} />}>
      {children}
    </Anchor>
  );
