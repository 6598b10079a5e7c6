import { Box, Button, Collapse, Group, Paper, Text, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { formatDuration } from '../../../components/format.js';
import { useNow } from '../../../components/use-now.js';
import { isUnfinished } from '../run-list.js';
import classes from './time-bar.module.css';
import { type SpanKind, timeSpans, totals } from './time-spans.js';
import type { Trace } from './trace.js';
import { useChildRuns } from './use-child-runs.js';
import { Waterfall } from './waterfall.js';
import { waterfallRows, withChildren } from './waterfall-rows.js';

const NAMES: Record<SpanKind, string> = { queue: 'Queue', model: 'Model', tool: 'Tools', other: 'Other' };

interface TimeBarProps {
  trace: Trace;
  /** Shows the details of a part of the timeline. */
  onChoose: (item: string) => void;
}

/** Where the time of a run went: as a bar, as sums, and each turn and call as a bar of its own. */
export function TimeBar({ trace, onChoose }: TimeBarProps) {
  const now = useNow((ms) => (isUnfinished(trace) ? ms : 0));
  // Opened live, it would grow above the rest of the page.
  const [isOpen, { toggle }] = useDisclosure(!isUnfinished(trace));
  const children = useChildRuns(trace, isOpen);
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
          <Tooltip key={span.id} label={`${span.label}: ${formatDuration(span.to - span.from)}`}>
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
          aria-expanded={isOpen}
          onClick={toggle}
        >
          {isOpen ? 'Hide the waterfall' : 'Waterfall'}
        </Button>
      </div>
      <Collapse expanded={isOpen}>
        <div className={classes.rows}>
          <Waterfall rows={withChildren(waterfallRows(trace, now), children, now)} onChoose={onChoose} />
        </div>
      </Collapse>
    </Paper>
  );
}
