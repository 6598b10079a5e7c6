import { Box, Paper, UnstyledButton } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { isUnfinished } from '../run-list.js';
import { ItemLine } from './item-line.js';
import type { Item } from './items.js';
import { LiveLine } from './live-line.js';
import classes from './timeline.module.css';
import type { Trace } from './trace.js';

interface TimelineProps {
  trace: Trace;
  items: readonly Item[];
  chosen: string | undefined;
  onChoose: (id: string) => void;
  /** Shown below the chosen line, if there is no room beside it. */
  inline?: ReactNode;
}

/**
 * What happened, in order. While the run continues, the list grows at its end, below a line that says what
 * the run waits for.
 */
export function Timeline({ trace, items, chosen, onChoose, inline }: TimelineProps) {
  // It stays after the end, so that the lines below it do not move.
  const [wasLive] = useState(() => isUnfinished(trace));
  return (
    <Paper component="nav" aria-label="What happened" p={4}>
      {wasLive && <LiveLine trace={trace} />}
      <ol className={classes.list}>
        {items.map((item) => {
          const isChosen = item.id === chosen;
          return (
            <li key={item.id}>
              <UnstyledButton
                className={classes.line}
                data-nested={item.kind === 'tool' || undefined}
                aria-current={isChosen ? 'true' : undefined}
                onClick={() => onChoose(item.id)}
              >
                <ItemLine item={item} trace={trace} />
              </UnstyledButton>
              {isChosen && inline && <Box p="sm">{inline}</Box>}
            </li>
          );
        })}
      </ol>
    </Paper>
  );
}
