/**
 * The errors by which Redis refuses a command that it cannot run now and has not started. In a script that
 * was stopped at its first write, the word is at the start, or after the line number before Redis 7.
 */
const REFUSALS =
  /(?:^|@user_script: ?\d+: -)(LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|MISCONF|OOM|NOREPLICAS|BUSY)\b/;
/** Other answers of Redis, and errors of its client, with the same meaning. */
const REPLIES = /^(MAXCLIENTS|LATE)\b/;
/** Redis no longer lets this user do what it must, or no longer has our keys. People have to change that. */
const REFUSES_US = /^(NOPERM|NOAUTH|WRONGPASS|MOVED|ASK)\b|The user executing the script can't/;
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

/**
 * Whether Redis refused a command that it will accept once its state changes, or a transaction because of
 * such a command.
 */
export function refusesForNow(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (!error.message.startsWith('EXECABORT')) return REFUSALS.test(error.message);
  // ioredis says so of what it sends as a transaction.
  const { previousErrors = [] } = error as { previousErrors?: Error[] };
  return previousErrors.length > 0 && previousErrors.every(({ message }) => REFUSALS.test(message));
}

/** Whether Redis refused a command of this user, and will until someone changes that. */
export const refusesUs = (error: unknown): boolean =>
  error instanceof Error && REFUSES_US.test(error.message);

/** Whether an error means that Redis is unavailable, rather than a defect of ours. */
export function isRedisUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    refusesForNow(error) ||
    REPLIES.test(error.message) ||
    refusesUs(error) ||
    CLIENT.test(error.message) ||
    CODES.has((error as NodeJS.ErrnoException).code ?? '')
  );
}

/** Whether the failed command was sent, and its answer lost with the connection. */
export function lostItsAnswer(error: unknown): boolean {
  return mayHaveArrived(error) && !/timed out/i.test((error as Error).message);
}

/** Whether the failed command may have reached Redis: it was sent, and no answer arrived. */
export function mayHaveArrived(error: unknown): boolean {
  return (
    error instanceof Error &&
    /timed out|Connection is closed|max retries|ECONNRESET|EPIPE/i.test(error.message)
  );
}
