import type { RedisClient } from '../redis/connect.js';
import { keys } from '../redis/keys.js';
import { createSecretBox } from './secret-box.js';

const PURPOSE = 'secret-check';

/**
 * Whether SECRET_KEY is the one that this Redis was first used with. A process with another key could not
 * open the stored secrets. It is better to find out at start than in the middle of a run.
 */
export async function isSecretKeyOfStore(redis: RedisClient, secretKey: string): Promise<boolean> {
  const box = createSecretBox(secretKey);
  await redis.set(keys.secretCheck, box.seal(PURPOSE, PURPOSE), 'NX');
  try {
    return box.open((await redis.get(keys.secretCheck)) ?? '', PURPOSE) === PURPOSE;
  } catch {
    return false;
  }
}
