import { every } from '@agenthook/async';
import type { Logger } from 'pino';
import { openAnew, type RedisClient } from '../redis/connect.js';
import { keys } from '../redis/keys.js';
import { isRedisUnavailable } from '../redis/unavailable.js';
import type { SecretBox } from './secret-box.js';

/** The text of the proof, and the context that it is sealed with. */
export const SECRET_CHECK = 'secret-check';
/** How often to try again while Redis stores nothing, in ms. */
const RETRY_MS = 2_000;

const WRONG =
  'SECRET_KEY is not the one this Redis was set up with; stored secrets could not be opened. If it was ' +
  'changed, set SECRET_KEY_PREVIOUS to the old one; if it is lost, see agenthook reset-secrets.';

/**
 * Checks that SECRET_KEY or SECRET_KEY_PREVIOUS is the key that this Redis is used with. A process with
 * another key could not open the stored secrets. It is better to find out at start than in the middle of a
 * run. The box then seals with the key that this Redis is used with.
 *
 * The first process stores the proof. If Redis stores nothing at the moment, that is done later; a process
 * that has lost against another key then stops.
 *
 * @returns a function that ends the retries
 * @throws one line for the person who starts the process
 */
export async function claimSecretKey(redis: RedisClient, box: SecretBox, log: Logger): Promise<() => void> {
  const first = await proofOf(redis, box);
  if (first === 'wrong') throw new Error(WRONG);
  if (first === 'right') return () => {};
  const retry = async () => {
    const proof = await proofOf(redis, box);
    if (proof !== 'not stored') stop();
    if (proof !== 'wrong') return;
    log.fatal(WRONG);
    process.kill(process.pid, 'SIGTERM');
  };
  const stop = every(RETRY_MS, retry, (error) => log.debug({ err: error }, 'the secret key was not checked'));
  return stop;
}

/** Makes the box seal with the key that this Redis is used with, which a rotation changes. */
export async function followSecretKey(redis: RedisClient, box: SecretBox): Promise<void> {
  if (box.fingerprints().length === 1) return;
  const proof = await redis.get(keys.secretCheck);
  if (proof !== null) box.sealLike(proof, SECRET_CHECK);
}

async function proofOf(redis: RedisClient, box: SecretBox): Promise<'right' | 'wrong' | 'not stored'> {
  const stored = await redis.get(keys.secretCheck);
  const proof = stored ?? (await store(redis, box.seal(SECRET_CHECK, SECRET_CHECK)));
  if (proof === null) return 'not stored';
  return box.sealLike(proof, SECRET_CHECK) ? 'right' : 'wrong';
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
