import { type RefCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { useIsOver } from '../../components/use-is-over.js';
import type { Run } from './run-filters.js';
import { isBelow, type RunList } from './run-list.js';

/** The scroll position from which new runs are held back, in CSS pixels. */
const SCROLLED = 8;

function onScroll(listener: () => void): () => void {
  window.addEventListener('scroll', listener, { passive: true });
  return () => window.removeEventListener('scroll', listener);
}

/**
 * The part of the list to show. At the top, new runs appear by themselves, unless a pointer is over the list.
 * Under a pointer or further down, they are held back and counted in `held`, until `showAll` or until the
 * user is at the top again without a pointer over it.
 *
 * @param isReturning whether the list is about to show a part further down
 * @returns `around` is the ref for the element around the list and the button that calls `showAll`
 */
export function useHeldRuns(
  list: RunList | undefined,
  { takeNewer, shorten, isReturning }: { takeNewer: () => void; shorten: () => void; isReturning: boolean },
): {
  runs: Run[];
  held: number;
  showAll: () => void;
  around: RefCallback<HTMLElement>;
} {
  const isScrolled = useSyncExternalStore(onScroll, () => window.scrollY > SCROLLED);
  const { isOver, ref: around } = useIsOver();
  const [top, setTop] = useState<Run>();
  const isHeld = isScrolled || isOver || isReturning;
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
      // If a pointer is still over the list, the new first run is the one to hold.
      setTop(undefined);
    },
    around,
  };
}
