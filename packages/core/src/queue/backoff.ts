const BASE_MS = 1_000;
const CAP_MS = 60_000;
/** A provider may ask for hours, but a longer wait is better reported in the task's status. */
const RETRY_AFTER_CAP_MS = 3_600_000;

/**
 * The delay before the next attempt, in ms: exponential from 1 s to 60 s with jitter in the upper half, or
 * the provider's Retry-After plus up to a tenth, so that a thousand tasks do not retry at once.
 *
 * @param attemptsMade failed attempts so far, from 1
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
