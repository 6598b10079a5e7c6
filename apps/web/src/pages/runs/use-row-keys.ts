import { useHotkeys } from '@mantine/hooks';
import { type KeyboardEvent, useCallback, useState } from 'react';
import type { Run } from './run-filters.js';

/**
 * J and K move between runs, and so do the arrow keys while the list has the focus. Enter follows the focused
 * link.
 *
 * @param bringIn scrolls to a row
 * @returns the id of the run that has the focus or should get it
 */
export function useRowKeys(runs: readonly Run[], bringIn: (index: number) => void) {
  const [current, setCurrent] = useState<string>();
  const move = (by: 1 | -1) => {
    const at = runs.findIndex(({ task_id }) => task_id === current);
    const to = at === -1 ? 0 : Math.min(Math.max(at + by, 0), runs.length - 1);
    const run = runs[to];
    if (!run) return;
    bringIn(to);
    setCurrent(run.task_id);
  };
  useHotkeys([
    ['J', () => move(1)],
    ['K', () => move(-1)],
  ]);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key] as 1 | -1 | undefined;
    if (!by || !(event.target instanceof HTMLAnchorElement)) return;
    event.preventDefault();
    move(by);
  };
  return { current, setCurrent: useCallback((id: string) => setCurrent(id), []), onKeyDown };
}
