import type { Schema } from '../../api/client.js';

export type Run = Schema<'TaskSummary'>;
export type RunStatus = Run['status'];

export const RUN_STATUSES: readonly RunStatus[] = ['PENDING', 'STARTED', 'SUCCESS', 'FAILURE'];

/** Time ranges before now, in ms. */
export const RANGES = {
  '15m': { label: 'Last 15 minutes', ms: 15 * 60_000 },
  '1h': { label: 'Last hour', ms: 3_600_000 },
  '24h': { label: 'Last 24 hours', ms: 86_400_000 },
  '7d': { label: 'Last 7 days', ms: 7 * 86_400_000 },
} as const;
export type Range = keyof typeof RANGES;

/** The filters of a list, as in its URL. `range` takes precedence over `from` and `to`. */
export interface RunFilters {
  agent?: string;
  /** One or more, separated by commas. */
  status?: string;
  range?: Range;
  /** RFC 3339. */
  from?: string;
  to?: string;
  /** The first characters of a task id, or an idempotency key. */
  q?: string;
}

const isRange = (value: unknown): value is Range => typeof value === 'string' && Object.hasOwn(RANGES, value);
const isStatus = (value: string): value is RunStatus => (RUN_STATUSES as readonly string[]).includes(value);

function timeOf(value: unknown): string | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

const without = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined && each !== '')) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };

export const statusesOf = ({ status = '' }: RunFilters): RunStatus[] => status.split(',').filter(isStatus);

/** The valid filters in a URL; drops whatever is not valid. */
export function validateFilters(search: Record<string, unknown>): RunFilters {
  const { agent, status, range, from, to, q } = search;
  const text = typeof q === 'number' || typeof q === 'string' ? String(q).trim().slice(0, 256) : undefined;
  return without({
    agent: typeof agent === 'string' ? agent : undefined,
    status: typeof status === 'string' ? statusesOf({ status }).join(',') : undefined,
    range: isRange(range) ? range : undefined,
    from: isRange(range) ? undefined : timeOf(from),
    to: isRange(range) ? undefined : timeOf(to),
    q: text,
  });
}

export const isFiltered = (filters: RunFilters): boolean => Object.keys(filters).length > 0;

/** The query of GET /api/tasks. A range ends at `now`, in ms. */
export const queryOf = (filters: RunFilters, now: number) =>
  without({
    agent_id: filters.agent,
    status: statusesOf(filters).length > 0 ? statusesOf(filters) : undefined,
    from: filters.range ? new Date(now - RANGES[filters.range].ms).toISOString() : filters.from,
    to: filters.to,
    q: filters.q,
  });
