import { useLocation, useRouter } from '@tanstack/react-router';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Run, RunFilters } from './run-filters.js';

/** Where the browser keeps the place of each list, by its filters, until the tab is closed. */
const keyOf = (filters: RunFilters): string => `run-list-place ${JSON.stringify(filters)}`;

/** How long the page above the rows may still move after a return, in ms. */
const SETTLES_MS = 500;

declare module '@tanstack/history' {
  interface HistoryState {
    /** The user returns to a list and wants to see the same part of it. */
    returns?: true;
  }
}

/** A part of a list that was on the screen. */
export interface Place {
  /** The entry of the browser's history that showed it. */
  entry: string | undefined;
  /** The first visible run, and how far its row is above the top of the list's view, in CSS pixels. */
  run: string;
  offset: number;
}

interface Rows {
  runs: readonly Run[];
  /** Where the first row begins on the page, and the height of each, in CSS pixels. */
  top: number;
  height: number;
}

/** The part of the list to show again, after Back, Escape or the link above a run; undefined otherwise. */
export function usePlace(filters: RunFilters): { place: Place | undefined; forget: () => void } {
  const { state } = useLocation();
  const [place, setPlace] = useState(() => {
    const kept = sessionStorage.getItem(keyOf(filters));
    const last = kept === null ? undefined : (JSON.parse(kept) as Place);
    return last && (state.returns || last.entry === state.__TSR_key) ? last : undefined;
  });
  return { place, forget: useCallback(() => setPlace(undefined), []) };
}

/** Remembers which part of the list is on the screen. */
export function useRememberPlace(filters: RunFilters, rows: Rows): void {
  const { state } = useLocation();
  // A listener that is replaced while a scroll is told would miss it.
  const latest = useRef({ filters, state, ...rows });
  latest.current = { filters, state, ...rows };
  // Ends before the next page is shown, whose first scroll would otherwise be noted as a place of the list.
  useLayoutEffect(() => {
    const note = () => {
      const { filters, state, runs, top, height } = latest.current;
      const y = Math.max(0, window.scrollY - top);
      const run = runs[Math.floor(y / height)];
      if (!run) return;
      const place: Place = { entry: state.__TSR_key, run: run.task_id, offset: y % height };
      sessionStorage.setItem(keyOf(filters), JSON.stringify(place));
    };
    window.addEventListener('scroll', note, { passive: true });
    return () => window.removeEventListener('scroll', note);
  }, []);
}

/** Scrolls to a remembered place once its row is there, and again if something above moves it. */
export function useRestorePlace(place: Place | undefined, forget: () => void, { runs, top, height }: Rows) {
  const router = useRouter();
  const at = place ? runs.findIndex(({ task_id }) => task_id === place.run) : -1;
  useEffect(() => {
    if (place === undefined || at === -1 || top === 0) return;
    const restore = () => window.scrollTo({ top: top + at * height + place.offset });
    restore();
    return router.subscribe('onRendered', restore);
  }, [place, at, top, height, router]);
  useEffect(() => {
    if (place === undefined) return;
    const timer = setTimeout(forget, SETTLES_MS);
    return () => clearTimeout(timer);
  }, [place, forget]);
}
