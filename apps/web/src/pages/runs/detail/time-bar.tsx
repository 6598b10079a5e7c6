import { Box, Button, Collapse, Group, Paper, Table, Text, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { formatDuration } from '../../../components/format.js';
import { useNow } from '../../../components/use-now.js';
import { isUnfinished } from '../run-list.js';
import classes from './time-bar.module.css';
import { type Span, type SpanKind, timeSpans, totals } from './time-spans.js';
import type { Trace } from './trace.js';

const NAMES: Record<SpanKind, string> = { queue: 'Queue', model: 'Model', tool: 'Tools', other: 'Other' };

/** Where the time of a run went: as a bar, as sums, and as a table. */
export function TimeBar({ trace }: { trace: Trace }) {
  const now = useNow((ms) => (isUnfinished(trace) ? ms : 0));
  const [isTable, { toggle }] = useDisclosure(false);
  const spans = timeSpans(trace, now);
  const start = spans[0]?.from ?? 0;
  const all = Math.max(1, (spans.at(-1)?.to ?? 0) - start);
  const sums = totals(spans);
  const inWords = sums
    .filter(({ ms }) => ms > 0)
    .map(({ kind, ms }) => `${NAMES[kind]} ${formatDuration(ms)}`)
    .join(', ');
  return (
    <Paper component="section" aria-label="Where the time went" py="sm">
      <Box className={classes.bar} role="img" aria-label={`Time, in order: ${inWords || 'none yet'}`}>
        {spans.map((span) => (
          <Tooltip
            key={`${span.kind} ${span.from}`}
            label={`${span.label}: ${formatDuration(span.to - span.from)}`}
          >
            <Box
              className={classes.span}
              data-kind={span.kind}
              style={{ flexGrow: Math.max(span.to - span.from, all / 500) }}
            />
          </Tooltip>
        ))}
      </Box>
      <div className={classes.sums}>
        {sums.map(({ kind, ms }) => (
          <Group key={kind} gap={6} wrap="nowrap">
            <Box className={classes.swatch} data-kind={kind} aria-hidden />
            <Text size="xs" truncate>
              {`${NAMES[kind]} ${formatDuration(ms)}`}
            </Text>
          </Group>
        ))}
        <Button
          className={classes.more}
          variant="subtle"
          size="compact-xs"
          aria-expanded={isTable}
          onClick={toggle}
        >
          {isTable ? 'Hide the table' : 'As a table'}
        </Button>
      </div>
      <Collapse expanded={isTable}>
        <SpanTable spans={spans} start={start} />
      </Collapse>
    </Paper>
  );
}

function SpanTable({ spans, start }: { spans: readonly Span[]; start: number }) {
  return (
    <Table verticalSpacing={4} fz="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>What</Table.Th>
          <Table.Th>Which</Table.Th>
          <Table.Th ta="right">Start</Table.Th>
          <Table.Th ta="right">Duration</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {spans.map(({ kind, label, from, to }) => (
          <Table.Tr key={`${kind} ${from}`}>
            <Table.Td>{NAMES[kind]}</Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{label}</Table.Td>
            <Table.Td ta="right">{formatDuration(from - start)}</Table.Td>
            <Table.Td ta="right">{formatDuration(to - from)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
