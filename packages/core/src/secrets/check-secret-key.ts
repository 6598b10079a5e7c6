import { every } from '@agenthook/async';
import type { Logger } from 'pino';
import { openAnew, type RedisClient } from '../redis/connect.js';
import { keys } from '../redis/keys.js';
import { isRedisUnavailable } from '../redis/unavailable.js';
import { createSecretBox } from './secret-box.js';

/** The text of the proof, and the context that it is sealed with. */
export const SECRET_CHECK = 'secret-check';
/** How often to try again while Redis stores nothing, in ms. */
const RETRY_MS = 2_000;

const WRONG = 'SECRET_KEY is not the one this Redis was set up with; stored secrets could not be opened.';

/**
 * Checks that SECRET_KEY is the one that this Redis was first used with. A process with another key could not
 * open the stored secrets. It is better to find out at start than in the middle of a run.
 *
 * The first process stores the proof. If Redis stores nothing at the moment, that is done later; a process
 * that has lost against another key then stops.
 *
 * @returns a function that ends the retries
 * @throws one line for the person who starts the process
 */
export async function claimSecretKey(
  redis: RedisClient,
  secretKey: string,
  log: Logger,
): Promise<() => void> {
  const first = await proofOf(redis, secretKey);
  if (first === 'wrong') throw new Error(WRONG);
  if (first === 'right') return () => {};
  const retry = async () => {
    const proof = await proofOf(redis, secretKey);
    if (proof !== 'not stored') stop();
    if (proof !== 'wrong') return;
    log.fatal(WRONG);
    process.kill(process.pid, 'SIGTERM');
  };
  const stop = every(RETRY_MS, retry, (error) => log.debug({ err: error }, 'the secret key was not checked'));
  return stop;
}

async function proofOf(redis: RedisClient, secretKey: string): Promise<'right' | 'wrong' | 'not stored'> {
  const box = createSecretBox(secretKey);
  const stored =
    (await redis.get(keys.secretCheck)) ?? (await store(redis, box.seal(SECRET_CHECK, SECRET_CHECK)));
  if (stored === null) return 'not stored';
  try {
    return box.open(stored, SECRET_CHECK) === SECRET_CHECK ? 'right' : 'wrong';
  } catch {
    return 'wrong';
  }
}

/** Stores the proof unless there is one. Returns the stored one; null if Redis stores nothing. */
async function store(redis: RedisClient, proof: string): Promise<string | null> {
  try {
    // A worker's own connection would wait until Redis stores.
    await openAnew(redis, (fresh) => fresh.set(keys.secretCheck, proof, 'NX'));
    return await redis.get(keys.secretCheck);
  } catch (error) {
    if (isRedisUnavailable(error)) return null;
    throw error;
  }
}
