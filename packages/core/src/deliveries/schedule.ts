/** The delay after each failed attempt, in seconds: ten attempts in about three days. */
export const RETRY_DELAYS_SECONDS = [
  5,
  60,
  5 * 60,
  30 * 60,
  2 * 3600,
  6 * 3600,
  12 * 3600,
  24 * 3600,
  24 * 3600,
] as const;

/** The longest Retry-After that is respected, in ms. */
export const LONGEST_RETRY_AFTER_MS = 6 * 3_600_000;

/** The maximum share that is added to a delay, so that a thousand deliveries do not retry at once. */
const JITTER = 0.1;

/**
 * The delay before the next attempt, in ms; undefined if none is left. A receiver's Retry-After can extend
 * it, never shorten it.
 *
 * @param made failed attempts of this round, from 1
 * @param delays in seconds
 */
export function retryDelay(
  made: number,
  retryAfterMs = 0,
  delays: readonly number[] = RETRY_DELAYS_SECONDS,
  random = Math.random,
): number | undefined {
  const seconds = delays[made - 1];
  if (seconds === undefined) return undefined;
  const wait = Math.max(seconds * 1000, Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS));
  return Math.round(wait * (1 + random() * JITTER));
}
