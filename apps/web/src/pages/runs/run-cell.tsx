import { Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatCost, formatNumber, NO_VALUE } from '../../components/format.js';
import { OutsideText } from '../../components/outside-text.js';
import { StatusBadge } from '../../components/status-badge.js';
import { Elapsed, RelativeTime } from '../../components/times.js';
import { type ColumnId, cellProps } from './columns.js';
import type { Run } from './run-filters.js';
import { TRIGGERS } from './run-names.js';
import classes from './run-table.module.css';

/** What one column shows of a run. */
const CELLS: Record<ColumnId, (run: Run) => ReactNode> = {
  status: (run) => <Status run={run} />,
  title: ({ title }) => <Snippet text={title} />,
  payload: ({ payload_snippet }) => <Snippet text={payload_snippet} />,
  answer: ({ answer_snippet }) => <Snippet text={answer_snippet} />,
  trigger: ({ trigger }) => TRIGGERS[trigger],
  sender: ({ sender }) => sender ?? NO_VALUE,
  version: ({ agent_version }) => agent_version,
  model: ({ model }) => <span title={model ?? undefined}>{model ?? NO_VALUE}</span>,
  started: (run) => <Started run={run} />,
  duration: ({ started_at, finished_at }) => <Elapsed from={started_at} to={finished_at} />,
  attempt: ({ attempt, max_attempts }) => `${attempt} / ${max_attempts}`,
  tokens: ({ total_tokens }) => formatNumber(total_tokens),
  cost: ({ cost_usd }) => formatCost(cost_usd),
};

/** The cell of a run in a column. */
export function RunCell({ id, run }: { id: ColumnId; run: Run }) {
  return (
    <Table.Td {...cellProps(id)} className={id === 'started' ? classes.wraps : undefined}>
      {CELLS[id](run)}
    </Table.Td>
  );
}

/** The beginning of a text from outside, in one line. */
function Snippet({ text }: { text: string | null | undefined }) {
  if (!text) return NO_VALUE;
  return (
    <Text size="xs" truncate title={text}>
      <OutsideText text={text} />
    </Text>
  );
}

function Status({ run: { status, error_code, filter_error, archived } }: { run: Run }) {
  const about = filter_error === undefined ? undefined : 'filter_error';
  const reason = [error_code ?? about, archived && 'archived'].filter(Boolean).join(', ');
  return (
    <>
      <StatusBadge status={status} />
      {reason && (
        <Text size="xs" c="dimmed" lh={1.2} truncate title={error_code ?? filter_error ?? reason}>
          {reason}
        </Text>
      )}
    </>
  );
}

function Started({ run: { started_at, created_at } }: { run: Run }) {
  if (started_at !== null) return <RelativeTime at={started_at} />;
  return (
    <Text span inherit c="dimmed">
      queued <RelativeTime at={created_at} />
    </Text>
  );
}
