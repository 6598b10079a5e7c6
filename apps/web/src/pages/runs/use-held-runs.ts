import { type RefCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { useIsOver } from '../../components/use-is-over.js';
import type { Run } from './run-filters.js';
import { isBelow, type RunList } from './run-list.js';

/** How far one has scrolled, in CSS pixels, when new runs stop to come in by themselves. */
const SCROLLED = 8;

function onScroll(listener: () => void): () => void {
  window.addEventListener('scroll', listener, { passive: true });
  return () => window.removeEventListener('scroll', listener);
}

/**
 * What of the list to show. At its beginning new runs come in by themselves, unless a pointer is over them: nothing moves
 * under it. Nor further down. They are counted in `held` until `showAll`, or until one is back at the top and away.
 *
 * @returns with `around`, the ref for the element around the list and the button that calls `showAll`
 */
export function useHeldRuns(
  list: RunList | undefined,
  { takeNewer, shorten }: { takeNewer: () => void; shorten: () => void },
): {
  runs: Run[];
  held: number;
  showAll: () => void;
  around: RefCallback<HTMLElement>;
} {
  const isScrolled = useSyncExternalStore(onScroll, () => window.scrollY > SCROLLED);
  const { isOver, ref: around } = useIsOver();
  const [top, setTop] = useState<Run>();
  const isHeld = isScrolled || isOver;
  const first = list?.runs[0];
  if (isHeld && !top && first) setTop(first);
  if (!isHeld && top) setTop(undefined);

  useEffect(() => {
    if (isHeld) return;
    if (list?.newer) takeNewer();
    shorten();
  });

  const runs = list?.runs ?? [];
  const shown = top ? runs.filter((run) => !isBelow(top, run)) : runs;
  return {
    runs: shown,
    held: runs.length - shown.length + (list?.newer?.tasks.length ?? 0),
    showAll: () => {
      window.scrollTo({ top: 0 });
      takeNewer();
      // What is first then is held next, where a pointer is still over the list.
      setTop(undefined);
    },
    around,
  };
}
