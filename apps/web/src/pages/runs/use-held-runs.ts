import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Run } from './run-filters.js';
import { isBelow, type RunList } from './run-list.js';

/** How far one has scrolled, in CSS pixels, when new runs stop to come in by themselves. */
const SCROLLED = 8;

function onScroll(listener: () => void): () => void {
  window.addEventListener('scroll', listener, { passive: true });
  return () => window.removeEventListener('scroll', listener);
}

/**
 * What of the list to show. At its beginning new runs come in by themselves; further down nothing moves, and they are
 * counted in `held` until `showAll` or until one is back at the top.
 */
export function useHeldRuns(
  list: RunList | undefined,
  { takeNewer, shorten }: { takeNewer: () => void; shorten: () => void },
): { runs: Run[]; held: number; showAll: () => void } {
  const isScrolled = useSyncExternalStore(onScroll, () => window.scrollY > SCROLLED);
  const [top, setTop] = useState<Run>();
  const first = list?.runs[0];
  if (isScrolled && !top && first) setTop(first);
  if (!isScrolled && top) setTop(undefined);

  useEffect(() => {
    if (isScrolled) return;
    if (list?.newer) takeNewer();
    shorten();
  });

  const runs = list?.runs ?? [];
  const shown = top ? runs.filter((run) => !isBelow(top, run)) : runs;
  return {
    runs: shown,
    held: runs.length - shown.length + (list?.newer?.tasks.length ?? 0),
    showAll: () => window.scrollTo({ top: 0 }),
  };
}
