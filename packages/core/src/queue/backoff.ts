const BASE_MS = 1_000;
const CAP_MS = 60_000;
/** A provider may ask for hours; a task that waits longer is better told so by its status. */
const RETRY_AFTER_CAP_MS = 3_600_000;

/**
 * How long to wait before the next attempt, in ms: exponential from 1 s to 60 s with full jitter in its upper half, or
 * what the provider's Retry-After asked for plus up to a tenth, so that a thousand tasks do not come back as one.
 *
 * @param attemptsMade attempts that have failed so far, from 1
 */
export function backoffDelay(
  attemptsMade: number,
  retryAfterMs: number | undefined,
  random = Math.random,
): number {
  if (retryAfterMs !== undefined) {
    const asked = Math.min(retryAfterMs, RETRY_AFTER_CAP_MS);
    return Math.max(1, Math.round(asked * (1 + random() / 10)));
  }
  const ceiling = Math.min(BASE_MS * 2 ** (attemptsMade - 1), CAP_MS);
  return Math.round(ceiling / 2 + (random() * ceiling) / 2);
}
