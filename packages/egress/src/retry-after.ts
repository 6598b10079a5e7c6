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
