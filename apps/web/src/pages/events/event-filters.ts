import { isRange, RANGES, type Range, timeOf } from '../runs/run-filters.js';

/** Why an event created no task. */
export type EventKind = 'refused' | 'filtered';

/** The filters of the list, as in its URL. `range` takes precedence over `from` and `to`. */
export interface EventFilters {
  kind?: EventKind;
  agent?: string;
  /** An error code. Refused requests have one. */
  code?: string;
  range?: Range;
  /** RFC 3339. */
  from?: string;
  to?: string;
}

const MOST_CHARACTERS = 100;

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, MOST_CHARACTERS) : undefined;

/** The valid filters in a URL; drops whatever is not valid. */
export function validateEventFilters({
  kind,
  agent,
  code,
  range,
  from,
  to,
}: Record<string, unknown>): EventFilters {
  const isRefused = kind === 'refused';
  const times = isRange(range) ? { range } : { from: timeOf(from), to: timeOf(to) };
  const all = {
    kind: isRefused ? ('refused' as const) : undefined,
    agent: textOf(agent),
    code: isRefused ? textOf(code) : undefined,
    ...times,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** Whether the filters leave anything out of their list. */
export const isFiltered = ({ kind: _kind, ...filters }: EventFilters): boolean =>
  Object.values(filters).some((value) => value !== undefined);

/** The query of both lists. A range ends at `now`, in ms. */
export function eventQuery({ agent, range, from, to }: EventFilters, now: number) {
  const first = range ? new Date(now - RANGES[range].ms).toISOString() : from;
  return {
    ...(agent !== undefined && { agent_id: [agent] }),
    ...(first !== undefined && { from: first }),
    ...(range === undefined && to !== undefined && { to }),
  };
}
