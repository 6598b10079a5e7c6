/** The time ranges of the overview. Hours are shown in the viewer's zone; the api counts days in UTC. */
export const RANGES = [
  { value: '1h', label: '1 hour', days: 1 / 24, bucket: 'hour' },
  { value: '24h', label: '24 hours', days: 1, bucket: 'hour' },
  { value: '7d', label: '7 days', days: 7, bucket: 'hour' },
  { value: '30d', label: '30 days', days: 30, bucket: 'day' },
] as const;

export type RangeValue = (typeof RANGES)[number]['value'];

export const isRange = (value: unknown): value is RangeValue => RANGES.some((range) => range.value === value);

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/**
 * The query of GET /api/stats for a range that ends now, rounded to the minute so that a re-render sends the
 * same query.
 */
export function statsOf(value: RangeValue, now: number) {
  const { days, bucket } = RANGES.find((range) => range.value === value) ?? RANGES[0];
  const to = Math.ceil(now / MINUTE_MS) * MINUTE_MS;
  const from = to - days * DAY_MS;
  // Over several days, whole days (UTC), so that counts by hour and by day have the same sum.
  return { from: new Date(days > 1 ? from - (from % DAY_MS) : from).toISOString(), bucket };
}

/** The same for counts by agent, sender, model or error code, which the api reads by hour for two days. */
export function groupedStatsOf(value: RangeValue, now: number) {
  const query = statsOf(value, now);
  return value === '7d' ? { ...query, bucket: 'day' as const } : query;
}

/** Where the first range of an installation's first day ends, in ms after its first agent. */
const FIRST_DAY_MS = DAY_MS;

/** The range that is shown unless the URL names one: an hour on the first day, a day later. */
export const defaultRange = (firstAgentAt: string | undefined, now: number): RangeValue =>
  firstAgentAt === undefined || now - Date.parse(firstAgentAt) < FIRST_DAY_MS ? '1h' : '24h';
