/** How numbers are written everywhere in the Studio; locale and zone are the viewer's. */

const whole = new Intl.NumberFormat();
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });

/** What stands where there is no value. */
export const NO_VALUE = '–';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** As in `12 ms`, `3.4 s`, `2 min 05 s`, `1 h 12 min`, `3 d 4 h`. */
export function formatDuration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return NO_VALUE;
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ${two((ms % MINUTE) / SECOND)} s`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h ${two((ms % HOUR) / MINUTE)} min`;
  return `${Math.floor(ms / DAY)} d ${Math.floor((ms % DAY) / HOUR)} h`;
}

/** As in `1,204`. */
export const formatNumber = (value: number | null | undefined): string =>
  value === null || value === undefined ? NO_VALUE : whole.format(value);

/** As in `1.2K`, for where there is little room. */
export const formatCompact = (value: number | null | undefined): string =>
  value === null || value === undefined ? NO_VALUE : compact.format(value);

/** As in `$0.0021`: small amounts keep two digits that say something. */
export function formatCost(usd: number | null | undefined): string {
  if (usd === null || usd === undefined) return NO_VALUE;
  if (usd === 0) return '$0';
  if (usd < 0.000_001) return '< $0.000001';
  const digits = usd >= 1 ? 2 : Math.min(6, 1 - Math.floor(Math.log10(usd)));
  return `$${usd.toFixed(Math.max(2, digits))}`;
}

/** A part of one, as in `98.2%`. */
export const formatShare = (part: number, of: number): string =>
  of === 0 ? NO_VALUE : percent.format(part / of);

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });
const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const exactLocal = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

/** As in `3 min ago`, `in 2 hr.`; past a day the date and time. */
export function formatRelative(time: Date, now: number): string {
  const ms = time.getTime() - now;
  const size = Math.abs(ms);
  if (size < 5 * SECOND) return relative.format(0, 'second');
  if (size < MINUTE) return relative.format(Math.trunc(ms / SECOND), 'second');
  if (size < HOUR) return relative.format(Math.trunc(ms / MINUTE), 'minute');
  if (size < DAY) return relative.format(Math.trunc(ms / HOUR), 'hour');
  return dateTime.format(time);
}

/** The exact time twice: in the viewer's zone, and as RFC 3339 in UTC. */
export const formatExact = (time: Date): string => `${exactLocal.format(time)}\n${time.toISOString()} (UTC)`;
