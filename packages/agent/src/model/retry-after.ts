import { durationMs, readRetryAfter, untilReset } from '@agenthook/egress';
import { isJsonObject } from '@agenthook/json';
import type { Json } from './wire/json.js';

type Headers = Record<string, string>;

/** The longest wait that is accepted from a provider, in ms. */
const LONGEST_MS = 3_600_000;
/** The shortest, in ms: asking again at once only prolongs a limit. */
const SHORTEST_MS = 1_000;
/** How much of a message is searched for a wait. */
const SEARCHED = 1_000;

/**
 * How long a provider asks to wait, in ms: in `Retry-After`, in a field of its body, in Gemini's RetryInfo,
 * in the words of its message, or in the headers that say when a limit resets. A limit of a day whose end is
 * unknown is an hour's wait. From 1 s to 1 h; undefined if it says nothing.
 *
 * @param body the parsed error body
 */
export function readWait(
  headers: Headers | undefined,
  body: unknown,
  message: string,
  now: Date,
): number | undefined {
  const ms =
    inDaysQuota(body) ??
    readRetryAfter(headers, now, LONGEST_MS) ??
    durationMs(headers?.['retry-after'] ?? '') ??
    inRetryInfo(body) ??
    inBody(body, now) ??
    inWords(message, now) ??
    (OF_DAY.test(message.slice(0, SEARCHED))
      ? untilDayResets(headers ?? {}, now)
      : untilReset(headers ?? {}, now));
  return ms === undefined ? undefined : Math.min(Math.max(Math.round(ms), SHORTEST_MS), LONGEST_MS);
}

/** The details of an error of Google: https://cloud.google.com/apis/design/errors#error_payloads */
function detailsOf(body: unknown): Json[] {
  const [said] = Array.isArray(body) ? body : [body];
  const error = isJsonObject(said) && isJsonObject(said.error) ? said.error : {};
  return Array.isArray(error.details) ? error.details.slice(0, 20).filter(isJsonObject) : [];
}

/** `{"retryDelay": "34.07s"}` */
function inRetryInfo(body: unknown): number | undefined {
  const delay = detailsOf(body).find(({ retryDelay }) => Boolean(retryDelay))?.retryDelay;
  return typeof delay === 'string' ? durationMs(delay) : undefined;
}

/** Gemini names a day's quota, but says to come back in seconds. */
function inDaysQuota(body: unknown): number | undefined {
  const violations = detailsOf(body).flatMap(({ violations }) =>
    Array.isArray(violations) ? violations.slice(0, 20).filter(isJsonObject) : [],
  );
  return violations.some(({ quotaId }) => /PerDay/.test(String(quotaId))) ? LONGEST_MS : undefined;
}

const OF_DAY = /\b(?:per[ -]day|daily|RPD|TPD)\b/i;

const untilDayResets = (headers: Headers, now: Date): number =>
  untilReset(Object.fromEntries(Object.entries(headers).filter(([name]) => name.includes('day'))), now) ??
  LONGEST_MS;

/** Fields by which gateways say how long to wait: in ms, and in seconds or as a duration. */
const MS_FIELDS = ['retry_after_ms', 'retryAfterMs'];
const FIELDS = [
  'retry_after',
  'retryAfter',
  'retry_after_seconds',
  'retry-after',
  'Retry-After',
  // Hugging Face's, while it loads a model.
  'estimated_time',
];

/** A wait in the body, its error, or its metadata. OpenRouter passes on the upstream's headers there. */
function inBody(body: unknown, now: Date): number | undefined {
  const [said] = Array.isArray(body) ? body : [body];
  const whole = isJsonObject(said) ? said : {};
  const error = isJsonObject(whole.error) ? whole.error : {};
  const metadata = isJsonObject(error.metadata) ? error.metadata : {};
  const headers = isJsonObject(metadata.headers) ? metadata.headers : {};
  for (const place of [whole, error, metadata, headers]) {
    for (const name of MS_FIELDS) if (isWait(place[name])) return Number(place[name]);
    for (const name of FIELDS) {
      const value = place[name];
      if (isWait(value)) return Number(value) * 1_000;
      const ms = typeof value === 'string' ? durationMs(value) : undefined;
      if (ms !== undefined) return ms;
    }
  }
  const texts = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name.toLowerCase(), value] as const] : [],
  );
  return untilReset(Object.fromEntries(texts), now);
}

const isWait = (value: unknown): boolean =>
  (typeof value === 'number' && value >= 0) ||
  (typeof value === 'string' && /^\d{1,9}(?:\.\d{1,9})?$/.test(value));

/** The lead of a wait in words: "Please try again in 1m12.5s", "Your quota will reset after 27h41m". */
const LEAD =
  /\b(?:(?:try|retry|retrying|resets?|available)(?: again)? (?:in|after)|retry-after:?|wait(?: for)?) {1,3}(?:(?:about|approximately|another|at least) )?(?=\d{1,12}(?![\d/:-])|(?:an?|one) (?:second|minute|hour|day)\b)/i;
/** When a limit ends, in words: "Your limit will reset at 2026-11-30 18:27:51". */
const END =
  /\b(?:resets?|again|available|access|until|after|retry)\b[^\d]{0,40}(\d{4}-\d\d-\d\d)(?:(?:T| (?:at )?)(\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})? ?([+-]\d\d:?\d\d)?)?/i;

function inWords(message: string, now: Date): number | undefined {
  const text = message.slice(0, SEARCHED);
  const lead = LEAD.exec(text);
  if (lead) {
    const said = text.slice(lead.index + lead[0].length);
    return durationMs(said.replace(/^(?:an?|one) (?=(?:second|minute|hour|day)\b)/i, '1 '));
  }
  const [, day, time = '00:00', zone = 'Z'] = END.exec(text) ?? [];
  const ms = Date.parse(`${day}T${time}${zone}`) - now.getTime();
  // A time that has passed was meant in a zone that it does not name.
  return ms > 0 ? ms : undefined;
}
