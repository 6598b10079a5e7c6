/**
 * Answers of Redis that mean: it can not take the command now, and has done nothing of it. In a script that it stopped at
 * its first write the word stands at the front, before Redis 7 behind the line.
 */
const REFUSALS =
  /(?:^|@user_script: ?\d+: -)(LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|MISCONF|OOM|NOREPLICAS|BUSY)\b/;
/** More of its answers, and of its client's, that mean the same. */
const REPLIES = /^(MAXCLIENTS|LATE)\b/;
const CLIENT =
  /Command timed out|Connection is closed|Stream isn't writeable|max retries per request|connect ETIMEDOUT/i;
const CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);

/** Whether Redis has answered, and takes the command once its state is another. */
export const refusesForNow = (error: unknown): boolean =>
  error instanceof Error && REFUSALS.test(error.message);

/** Whether an error means that Redis is away, rather than that something is wrong with us. */
export function isRedisUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    refusesForNow(error) ||
    REPLIES.test(error.message) ||
    CLIENT.test(error.message) ||
    CODES.has((error as NodeJS.ErrnoException).code ?? '')
  );
}

/** Whether a command that failed so was sent, and its answer lost with the connection. */
export function lostItsAnswer(error: unknown): boolean {
  return mayHaveArrived(error) && !/timed out/i.test((error as Error).message);
}

/** Whether a command that failed so may have reached Redis all the same: it was sent, and no answer came. */
export function mayHaveArrived(error: unknown): boolean {
  return (
    error instanceof Error &&
    /timed out|Connection is closed|max retries|ECONNRESET|EPIPE/i.test(error.message)
  );
}
