import type { Schema } from '../../api/client.js';
import type { paths } from '../../api/generated/schema.js';

export type Run = Schema<'TaskSummary'>;
export type RunStatus = Run['status'];

/** The query of GET /api/tasks, apart from its pages. */
type ListQuery = Omit<
  NonNullable<paths['/api/tasks']['get']['parameters']['query']>,
  'limit' | 'cursor' | 'include'
>;

export const RUN_STATUSES: readonly RunStatus[] = ['PENDING', 'STARTED', 'SUCCESS', 'FAILURE'];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Time ranges before now, in ms. */
export const RANGES = {
  '15m': { label: 'Last 15 minutes', ms: 15 * 60_000 },
  '1h': { label: 'Last hour', ms: HOUR_MS },
  '6h': { label: 'Last 6 hours', ms: 6 * HOUR_MS },
  '24h': { label: 'Last 24 hours', ms: DAY_MS },
  '3d': { label: 'Last 3 days', ms: 3 * DAY_MS },
  '7d': { label: 'Last 7 days', ms: 7 * DAY_MS },
  '30d': { label: 'Last 30 days', ms: 30 * DAY_MS },
  '35d': { label: 'Last 35 days', ms: 35 * DAY_MS },
} as const;
export type Range = keyof typeof RANGES;

/** The filters that are texts, as they stand in the URL, and the most characters of each. */
const TEXTS = {
  agent: 100,
  /** The first characters of a task id, or an idempotency key. */
  q: 256,
  /** Words of payload, answer or error. */
  text: 200,
  /** One or more, separated by commas; so are `trigger` and `sender`. */
  error: 400,
  trigger: 200,
  sender: 400,
  model: 200,
  conversation: 100,
} as const;

/** The filters that are numbers of at least 0. Durations are in ms. */
const NUMBERS = ['version', 'min_ms', 'max_ms', 'min_usd', 'max_usd'] as const;

type TextFilters = { [Name in keyof typeof TEXTS]?: string };
type NumberFilters = { [Name in (typeof NUMBERS)[number]]?: number };

/** The filters of a list, as in its URL. `range` takes precedence over `from` and `to`. */
export interface RunFilters extends TextFilters, NumberFilters {
  /** One or more, separated by commas. */
  status?: string;
  range?: Range;
  /** RFC 3339. */
  from?: string;
  to?: string;
}

/** New values of some filters; undefined removes one. */
export type FilterChange = { [Key in keyof RunFilters]?: RunFilters[Key] | undefined };

export const isRange = (value: unknown): value is Range =>
  typeof value === 'string' && Object.hasOwn(RANGES, value);
const isStatus = (value: string): value is RunStatus => (RUN_STATUSES as readonly string[]).includes(value);

/** A time in RFC 3339; undefined for any other value. */
export function timeOf(value: unknown): string | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

const without = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined && each !== '')) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };

/** The parts of a filter that may have several values. */
export const listOf = (text = ''): string[] => text.split(',').filter(Boolean);

export const statusesOf = ({ status }: RunFilters): RunStatus[] => listOf(status).filter(isStatus);

/** A URL writes a text of digits as a number. */
const textOf = (value: unknown, most: number): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value).trim().slice(0, most) : undefined;

const numberOf = (value: unknown): number | undefined =>
  value !== '' && Number.isFinite(Number(value)) && Number(value) >= 0 && typeof value !== 'object'
    ? Number(value)
    : undefined;

/** The valid filters in a URL; drops whatever is not valid. */
export function validateFilters(search: Record<string, unknown>): RunFilters {
  const { agent, status, range, from, to } = search;
  const texts = Object.entries(TEXTS).map(([name, most]) => [name, textOf(search[name], most)]);
  const numbers = NUMBERS.map((name) => [name, numberOf(search[name])]);
  return without({
    ...(Object.fromEntries([...texts, ...numbers]) as FilterChange),
    agent: typeof agent === 'string' ? agent : undefined,
    status: typeof status === 'string' ? statusesOf({ status }).join(',') : undefined,
    range: isRange(range) ? range : undefined,
    from: isRange(range) ? undefined : timeOf(from),
    to: isRange(range) ? undefined : timeOf(to),
  });
}

export const isFiltered = (filters: RunFilters): boolean => Object.keys(filters).length > 0;

/** The filters that the api answers by looking at one run after another. */
const SCANNED = ['text', 'error', 'trigger', 'sender', 'model', 'conversation', ...NUMBERS] as const;
export const scannedFilters = (filters: RunFilters): number =>
  SCANNED.filter((name) => filters[name] !== undefined).length;

const several = <Value extends string>(text: string | undefined): Value[] | undefined =>
  text ? (listOf(text) as Value[]) : undefined;

/** The query of GET /api/tasks. A range ends at `now`, in ms. */
export const queryOf = (filters: RunFilters, now: number): ListQuery =>
  without({
    agent_id: filters.agent,
    status: statusesOf(filters).length > 0 ? statusesOf(filters) : undefined,
    from: filters.range ? new Date(now - RANGES[filters.range].ms).toISOString() : filters.from,
    to: filters.to,
    q: filters.q,
    text: filters.text,
    error_code: several<NonNullable<ListQuery['error_code']>[number]>(filters.error),
    trigger: several<NonNullable<ListQuery['trigger']>[number]>(filters.trigger),
    sender: several<NonNullable<ListQuery['sender']>[number]>(filters.sender),
    agent_version: filters.version,
    model: filters.model,
    conversation_id: filters.conversation,
    min_duration_ms: filters.min_ms,
    max_duration_ms: filters.max_ms,
    min_cost_usd: filters.min_usd,
    max_cost_usd: filters.max_usd,
  });

/** The same query as it stands in a URL. */
export function queryText(filters: RunFilters, now: number): string {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(queryOf(filters, now)))
    for (const each of Array.isArray(value) ? value : [value]) text.append(name, String(each));
  return text.toString();
}
