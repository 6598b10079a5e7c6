/** Answers of Redis and of its client that mean: it can not take the command now. */
const REPLIES =
  /^(LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|MISCONF|OOM|NOREPLICAS|BUSY|MAXCLIENTS|LATE)\b/;
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

/** Whether an error means that Redis is away, rather than that something is wrong with us. */
export function isRedisUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
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
