import { RANGES, type RunFilters } from './run-filters.js';

/** A part of time, in ms since the epoch. */
export interface TimeSpan {
  from: number;
  to: number;
}

const DEFAULT_MS = RANGES['24h'].ms;
const MOST_MS = RANGES['35d'].ms;

/** The time that the chart shows: the filtered one, or the last 24 hours. */
export function chartSpan(filters: RunFilters, now: number): TimeSpan {
  if (filters.range) return { from: now - RANGES[filters.range].ms, to: now };
  const given = filters.to === undefined ? undefined : Date.parse(filters.to);
  const from = filters.from === undefined ? (given ?? now) - DEFAULT_MS : Date.parse(filters.from);
  return { from, to: Math.max(given ?? now, from + 1) };
}

/** Twice a span around its middle, at most 35 days, and not beyond now. */
export function widerSpan({ from, to }: TimeSpan, now: number): TimeSpan {
  const length = Math.min(2 * (to - from), MOST_MS);
  const end = Math.min((from + to + length) / 2, now);
  return { from: Math.round(end - length), to: Math.round(end) };
}
