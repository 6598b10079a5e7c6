/** Seconds from here on are no wait, but a time since 1970. */
const EPOCH_SECONDS = 1_000_000_000;

/**
 * How long a server asks clients to wait, in ms from `now`, at most `longestMs`: from OpenAI's
 * `retry-after-ms`, else from `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3), or, as some
 * servers send it, as a time in seconds since 1970. Header names are in lower case. Undefined if neither is
 * present and valid.
 */
export function readRetryAfter(
  headers: Record<string, string> | undefined,
  now: Date,
  longestMs: number,
): number | undefined {
  const exact = Number.parseFloat(headers?.['retry-after-ms'] ?? '');
  const value = headers?.['retry-after']?.trim() ?? '';
  const ms = Number.isFinite(exact)
    ? exact
    : /^\d+(\.\d+)?$/.test(value)
      ? Number(value) * 1000 - (Number(value) < EPOCH_SECONDS ? 0 : now.getTime())
      : Date.parse(value) - now.getTime();
  return Number.isFinite(ms) ? Math.round(Math.min(Math.max(ms, 0), longestMs)) : undefined;
}

/** How much of a body is searched, in characters. */
const LONGEST_BODY = 4_096;
const WAIT = /"retry_after"\s{0,9}:\s{0,9}(\d{1,9}(?:\.\d{1,9})?)/;

/**
 * How long a service asks to wait in the body of a 429, in ms: Telegram in `parameters.retry_after`
 * (https://core.telegram.org/bots/api#responseparameters), Discord in `retry_after`, both in seconds.
 * Undefined if it says nothing.
 *
 * @param body a short body
 */
export function waitInBody(body: string, longestMs: number): number | undefined {
  const said = WAIT.exec(body.slice(0, LONGEST_BODY));
  return said ? Math.round(Math.min(Number(said[1]) * 1000, longestMs)) : undefined;
}
