/** Number formats of the whole Studio, in the viewer's locale and time zone. */

const whole = new Intl.NumberFormat();
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });

/** Shown in place of a missing value. */
export const NO_VALUE = '–';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Formats as `12 ms`, `3.4 s`, `2 min 05 s`, `1 h 12 min`, `3 d 4 h`. */
export function formatDuration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return NO_VALUE;
  // Times of two processes may differ by a little.
  if (ms < SECOND) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < MINUTE) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ${two((ms % MINUTE) / SECOND)} s`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h ${two((ms % HOUR) / MINUTE)} min`;
  return `${Math.floor(ms / DAY)} d ${Math.floor((ms % DAY) / HOUR)} h`;
}

const UNITS = [
  [DAY, 'd'],
  [HOUR, 'h'],
  [MINUTE, 'min'],
] as const;

/** Formats a length of time that somebody chose, in the largest unit that it is whole in: `1 h`, `90 s`. */
export function formatSpan(ms: number): string {
  const [size, unit] = UNITS.find(([each]) => ms >= each && ms % each === 0) ?? [SECOND, 's'];
  return `${whole.format(ms / size)} ${unit}`;
}

/** Formats as `1,204`. */
export const formatNumber = (value: number | null | undefined): string =>
  value === null || value === undefined ? NO_VALUE : whole.format(value);

/** Formats as `1 run` or `1,204 runs`. `many` is the plural of `one`. */
export const formatCount = (value: number | null | undefined, one: string, many = `${one}s`): string =>
  `${formatNumber(value)} ${value === 1 ? one : many}`;

/** Formats as `1.2K`, for narrow places. */
export const formatCompact = (value: number | null | undefined): string =>
  value === null || value === undefined ? NO_VALUE : compact.format(value);

/** Formats as `$0.0021`. Small amounts keep two significant digits. */
export function formatCost(usd: number | null | undefined): string {
  if (usd === null || usd === undefined) return NO_VALUE;
  if (usd === 0) return '$0';
  if (usd < 0.000_001) return '< $0.000001';
  const digits = usd >= 1 ? 2 : Math.min(6, 1 - Math.floor(Math.log10(usd)));
  return `$${usd.toFixed(Math.max(2, digits))}`;
}

/** Formats a share of one as `98.2%`. */
export const formatShare = (part: number, of: number): string =>
  of === 0 ? NO_VALUE : percent.format(part / of);

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });
const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const exactLocal = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

/** Formats as `3 min ago` or `in 2 hr.`; beyond a day as date and time. */
export function formatRelative(time: Date, now: number): string {
  const ms = time.getTime() - now;
  const size = Math.abs(ms);
  if (size < 5 * SECOND) return relative.format(0, 'second');
  if (size < MINUTE) return relative.format(Math.trunc(ms / SECOND), 'second');
  if (size < HOUR) return relative.format(Math.trunc(ms / MINUTE), 'minute');
  if (size < DAY) return relative.format(Math.trunc(ms / HOUR), 'hour');
  return dateTime.format(time);
}

/** The time as a clock in the zone shows it. In a zone that this browser does not know: UTC, as RFC 3339. */
export function formatInZone(time: Date, timeZone: string): string {
  try {
    return time.toLocaleString(undefined, { timeZone, dateStyle: 'medium', timeStyle: 'long' });
  } catch {
    return time.toISOString();
  }
}

/** The exact time twice: in the viewer's zone, and in UTC as RFC 3339. */
export const formatExact = (time: Date): string => `${exactLocal.format(time)}\n${time.toISOString()} (UTC)`;
