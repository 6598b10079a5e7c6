import { durationMs, readRetryAfter, untilReset } from '@agenthook/egress';
import { isJsonObject } from '@agenthook/json';

type Headers = Record<string, string>;

/** The longest wait that is accepted from a provider, in ms. */
const LONGEST_MS = 3_600_000;
/** The shortest, in ms: asking again at once only prolongs a limit. */
const SHORTEST_MS = 1_000;
/** How much of a message is searched for a wait. */
const SEARCHED = 1_000;

/**
 * How long a provider asks to wait, in ms: in `Retry-After`, in a field of its body, in Gemini's RetryInfo,
 * in the words of its message, or in the headers that say when a limit resets. From 1 s to 1 h; undefined if
 * it says nothing.
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
    readRetryAfter(headers, now, LONGEST_MS) ??
    durationMs(headers?.['retry-after'] ?? '') ??
    inRetryInfo(body) ??
    inBody(body, now) ??
    inWords(message) ??
    untilReset(headers ?? {}, now);
  return ms === undefined ? undefined : Math.min(Math.max(Math.round(ms), SHORTEST_MS), LONGEST_MS);
}

/** https://cloud.google.com/apis/design/errors#error_payloads: `{"retryDelay": "34.07s"}`. */
function inRetryInfo(body: unknown): number | undefined {
  const [said] = Array.isArray(body) ? body : [body];
  const error = isJsonObject(said) && isJsonObject(said.error) ? said.error : {};
  const details = Array.isArray(error.details) ? error.details.slice(0, 20) : [];
  const delay = details.map((detail) => (isJsonObject(detail) ? detail.retryDelay : undefined)).find(Boolean);
  return typeof delay === 'string' ? durationMs(delay) : undefined;
}

/** Fields by which gateways say how long to wait: in ms, and in seconds or as a duration. */
const MS_FIELDS = ['retry_after_ms', 'retryAfterMs'];
const FIELDS = ['retry_after', 'retryAfter', 'retry_after_seconds', 'retry-after', 'Retry-After'];

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

/** The lead of a wait in words: "Please try again in 1m12.5s", "Retry after 20 seconds". */
const LEAD = /\b(?:try again in|retry in|retry after|retrying in|available in|wait(?: for)?) {1,3}(?=\d)/i;

function inWords(message: string): number | undefined {
  const text = message.slice(0, SEARCHED);
  const lead = LEAD.exec(text);
  return lead ? durationMs(text.slice(lead.index + lead[0].length)) : undefined;
}
