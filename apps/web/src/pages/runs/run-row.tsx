import { Anchor, Checkbox, Group, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo, useEffect, useRef } from 'react';
import { OutsideText } from '../../components/outside-text.js';
import { StatusBadge } from '../../components/status-badge.js';
import { Elapsed, RelativeTime } from '../../components/times.js';
import type { ColumnId } from './columns.js';
import { RunCell } from './run-cell.js';
import type { Run, RunFilters } from './run-filters.js';
import { shortId } from './run-names.js';
import { RunRowMenu } from './run-row-menu.js';
import classes from './run-table.module.css';

interface RunRowProps {
  run: Run;
  /** From 0. */
  index: number;
  agentName: string | undefined;
  filters: RunFilters;
  /** Always the same object while they do not change. */
  columns: readonly ColumnId[];
  isSelected: boolean;
  onToggle: (id: string) => void;
  /** Whether the keyboard is on this row. */
  isCurrent: boolean;
  onFocus: (id: string) => void;
}

/** One run; on a phone, in two lines. The whole row is a link to it. */
export const RunRow = memo(function RunRow(props: RunRowProps) {
  const { run, index, agentName, filters, columns, isSelected, onToggle, isCurrent, onFocus } = props;
  // The status comes first, as in the head.
  const hasStatus = columns.includes('status');
  const rest = columns.filter((id) => id !== 'status');
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (isCurrent) link.current?.focus({ preventScroll: true });
  }, [isCurrent]);
  const duration = <Elapsed from={run.started_at} to={run.finished_at} />;

  return (
    <Table.Tr className={classes.row} aria-rowindex={index + 2} data-selected={isSelected || undefined}>
      <Table.Td>
        <Checkbox
          className={classes.above}
          size="xs"
          aria-label={`Select run ${shortId(run.task_id)}`}
          checked={isSelected}
          onChange={() => onToggle(run.task_id)}
        />
      </Table.Td>
      {hasStatus && <RunCell id="status" run={run} />}
      <Table.Td>
        <Group gap={0} wrap="nowrap">
          <Anchor
            className={classes.link}
            c="inherit"
            fw={500}
            size="sm"
            truncate
            title={agentName}
            underline="never"
            onFocus={() => onFocus(run.task_id)}
            renderRoot={(root) => (
              <Link
                to="/runs/$taskId"
                params={{ taskId: run.task_id }}
                search={filters}
                {...root}
                ref={link}
              />
            )}
          >
            <bdi dir="auto">{agentName ?? run.agent_id}</bdi>
          </Anchor>
        </Group>
        <Text size="xs" c="dimmed" lh={1.2} truncate visibleFrom="md">
          <Text span inherit ff="monospace">
            {shortId(run.task_id)}
          </Text>
          {run.waiting_for && ` · ${run.waiting_for.text}`}
          {run.title && !rest.includes('title') && (
            <span title={run.title}>
              {' '}
              <OutsideText text={run.title} />
            </span>
          )}
        </Text>
        <Group gap={8} wrap="nowrap" mt={2} hiddenFrom="md">
          <StatusBadge status={run.status} />
          <Text size="xs" c="dimmed" truncate>
            <RelativeTime at={run.started_at ?? run.created_at} />
            <Text span inherit visibleFrom="sm">
              {run.error_code && ` · ${run.error_code}`}
            </Text>
            {' · '}
            {duration}
          </Text>
        </Group>
        {run.waiting_for && (
          <Text size="xs" c="dimmed" mt={2} truncate hiddenFrom="md">
            {run.waiting_for.text}
          </Text>
        )}
      </Table.Td>
      {rest.map((id) => (
        <RunCell key={id} id={id} run={run} />
      ))}
      <Table.Td>
        <RunRowMenu run={run} />
      </Table.Td>
    </Table.Tr>
  );
});
