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
  const answers = openAnew(redis, (fresh) => fresh.ping()).then(() => undefined, asError);
  const error = await withDeadline(answers, LOOK_MS);
  if (!error) return `Redis at ${at} does not answer.`;
  const reason = withoutQuotes(error.message || (error as NodeJS.ErrnoException).code || 'no connection');
  return refusedStart(error, at, db) ?? `Redis at ${at} does not answer: ${reason.replace(/\.$/, '')}.`;
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
