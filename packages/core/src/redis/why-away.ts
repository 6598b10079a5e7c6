import { withDeadline } from '@agenthook/async';
import { openAnew, type RedisClient } from './connect.js';
import { refusedStart, withoutQuotes } from './refused-start.js';

/** How long to look for the reason, in ms. With the command that failed before, a caller waits 2 s. */
const LOOK_MS = 1_000;

/**
 * Why the commands of `redis` fail, as one line for the person who operates it. A new connection meets the
 * reason; an open one only says that it is closed. Takes up to a second.
 */
export async function whyAway(redis: RedisClient): Promise<string> {
  const { host, port, path, db = 0 } = redis.options;
  const at = path ?? `${host}:${port}`;
  const answers = meet(redis);
  const error = await withDeadline(answers, LOOK_MS);
  if (!error) return `Redis at ${at} does not answer.`;
  const reason = withoutQuotes(error.message || (error as NodeJS.ErrnoException).code || 'no connection');
  return refusedStart(error, at, db) ?? `Redis at ${at} does not answer: ${reason.replace(/\.$/, '')}.`;
}

/** How often to ask a Redis that closes the connection so soon that its reason is lost. */
const TRIES = 3;

/** What a new connection fails with; undefined if Redis answers it. */
async function meet(redis: RedisClient): Promise<Error | undefined> {
  let error: Error | undefined;
  for (let n = 0; n < TRIES; n++) {
    error = await openAnew(redis, (fresh) => fresh.ping()).then(() => undefined, asError);
    if ((error as NodeJS.ErrnoException | undefined)?.code !== 'ECONNRESET') break;
  }
  return error;
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
