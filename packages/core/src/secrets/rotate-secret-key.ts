import { sleep } from '@agenthook/async';
import type { RedisClient } from '../redis/connect.js';
import { keys } from '../redis/keys.js';
import { keepDataKeys } from '../sealing/data-keys.js';
import { readProcesses } from '../stats/heartbeat.js';
import { changeSealed } from './change-sealed.js';
import { SECRET_CHECK } from './check-secret-key.js';
import { replaceFieldScript } from './replace-field.script.js';
import { createSecretBox, type SecretBox } from './secret-box.js';

/** How long to wait until all processes seal with the new key, and how often to look, in ms. */
const FOLLOW_MS = 60_000;
const LOOK_MS = 500;
/** After which time a save has ended that began before the first pass, in ms. */
const SAVE_MS = 5_000;

export type Rotation =
  | { outcome: 'rotated'; agents: number; values: number }
  /** Neither key is the one that this Redis is used with. */
  | { outcome: 'wrong_key' }
  /** Live processes that do not know the new key, by kind. */
  | { outcome: 'unaware'; processes: string[] }
  /** What has values that neither key opens: ids of agents, names of notify channels. */
  | { outcome: 'closed'; agents: string[] };

/**
 * Encrypts all stored secrets with the new key, while processes run that know both keys. First the proof of
 * this Redis changes, from which processes learn which key seals; then everything that the previous key had
 * sealed. It may be ended at any time, and run again.
 *
 * @param onProgress called after each agent
 */
export async function rotateSecretKey(
  redis: RedisClient,
  secretKey: string,
  previousKey: string,
  onProgress: (done: number, of: number) => void,
): Promise<Rotation> {
  const [next, previous] = [createSecretBox(secretKey), createSecretBox(previousKey)];
  const [fingerprint = ''] = next.fingerprints();
  const either = createSecretBox(secretKey, previousKey);
  const proof = await redis.get(keys.secretCheck);
  if (proof !== null && !either.sealLike(proof, SECRET_CHECK)) return { outcome: 'wrong_key' };
  const unaware = (await readProcesses(redis)).filter((each) => !each.secret_keys?.includes(fingerprint));
  if (unaware.length > 0) return { outcome: 'unaware', processes: unaware.map(({ kind }) => kind) };
  if (proof !== null && either.fingerprints()[0] !== fingerprint) {
    const value = next.seal(SECRET_CHECK, SECRET_CHECK);
    const taken = await replaceFieldScript(
      redis,
      { key: keys.secretCheck },
      { field: '', read: proof, value },
    );
    if (taken === 0) return rotateSecretKey(redis, secretKey, previousKey, onProgress);
  }
  await untilAllSealWith(redis, fingerprint);
  await keepDataKeys(redis, next, previous);
  const first = await replaceAll(redis, next, previous, onProgress);
  if ((await readProcesses(redis)).length === 0) return rotationOf(first, first.values);
  // A save keeps the sealed secrets that it has read. One that began before the first pass stores old ones.
  await sleep(SAVE_MS);
  const last = await replaceAll(redis, next, previous, () => undefined);
  return rotationOf(last, first.values + last.values);
}

interface Pass {
  agents: number;
  /** How many values were replaced. */
  values: number;
  closed: ReadonlySet<string>;
}

const rotationOf = ({ agents, closed }: Pass, values: number): Rotation =>
  closed.size > 0 ? { outcome: 'closed', agents: [...closed] } : { outcome: 'rotated', agents, values };

/** Seals all that only the previous key opens with the next one. */
async function replaceAll(
  redis: RedisClient,
  next: SecretBox,
  previous: SecretBox,
  onProgress: (done: number, of: number) => void,
): Promise<Pass> {
  let values = 0;
  let agents = 0;
  const closed = new Set<string>();
  await changeSealed(
    redis,
    ({ owner, text, values: found }) => {
      let changed = text;
      for (const { sealed, context } of found) {
        if (opens(next, sealed, context)) continue;
        if (!opens(previous, sealed, context)) {
          closed.add(owner);
          continue;
        }
        // A sealed text occurs once, and replacing it keeps every other byte.
        changed = changed.replaceAll(
          `"${sealed}"`,
          `"${next.seal(previous.open(sealed, context), context)}"`,
        );
        values++;
      }
      return changed;
    },
    (done, of) => {
      agents = done;
      onProgress(done, of);
    },
  );
  return { agents, values, closed };
}

/** Whether this box opens the value. */
export function opens(box: Pick<SecretBox, 'open'>, sealed: string, context: string): boolean {
  try {
    box.open(sealed, context);
    return true;
  } catch {
    return false;
  }
}

/** Processes that seal with the old key meanwhile would leave values behind. Throws if one never follows. */
async function untilAllSealWith(redis: RedisClient, fingerprint: string): Promise<void> {
  const end = performance.now() + FOLLOW_MS;
  for (;;) {
    const behind = (await readProcesses(redis)).filter(
      ({ secret_keys = [] }) => secret_keys[0] !== fingerprint,
    );
    if (behind.length === 0) return;
    if (performance.now() > end)
      throw new Error('a process does not change to the new key: end it, and run this again');
    await sleep(LOOK_MS);
  }
}
