/** Unix time in seconds, or in milliseconds from the year 2001 on. */
const UNIX_TIME = /^\d{1,13}$/;
const MILLISECONDS_FROM = 1e12;
const FRACTIONAL = /^\d{1,10}\.\d{1,9}$/;
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
/** The date of a header (RFC 9110, 5.6.7). */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/** How a sender writes the time. `any` of them for senders whose form is not known. */
export type TimeForm = 'unix' | 'rfc3339' | 'any';

const FAULT: Record<TimeForm, string> = {
  unix: 'the timestamp is not a Unix time',
  rfc3339: 'the timestamp is not a time of RFC 3339',
  any: 'the timestamp is neither a Unix time nor one of RFC 3339 nor an HTTP date',
};

/** A time as sent, in ms since the epoch; undefined if it has another form. */
function readTime(text: string, form: TimeForm): number | undefined {
  if (form !== 'rfc3339' && UNIX_TIME.test(text))
    return Number(text) < MILLISECONDS_FROM ? Number(text) * 1000 : Number(text);
  if (form === 'any' && FRACTIONAL.test(text)) return Number(text) * 1000;
  const isText = form !== 'unix' && (RFC_3339.test(text) || (form === 'any' && HTTP_DATE.test(text)));
  if (!isText) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Why a signed time is too far from `nowMs`; undefined if it is near enough. */
export function faultOfTime(
  text: string,
  form: TimeForm,
  toleranceSeconds: number,
  nowMs: number,
): string | undefined {
  const ms = readTime(text, form);
  if (ms === undefined) return FAULT[form];
  const aheadMs = ms - nowMs;
  if (Math.abs(aheadMs) <= toleranceSeconds * 1000) return undefined;
  return aheadMs < 0
    ? `the timestamp is older than ${toleranceSeconds} s`
    : `the timestamp is more than ${toleranceSeconds} s in the future`;
}
