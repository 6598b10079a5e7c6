/** How long to wait after each failed attempt, in seconds: ten attempts in about three days. */
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

/** The longest wait that a receiver may ask for, in ms. */
export const LONGEST_RETRY_AFTER_MS = 6 * 3_600_000;

/** By which part a wait may be longer, so that a thousand deliveries do not come back as one. */
const JITTER = 0.1;

/**
 * How long to wait before the next attempt, in ms; undefined where there is none. A receiver's Retry-After makes it
 * longer, never shorter.
 *
 * @param made attempts of this round that have failed, from 1
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
