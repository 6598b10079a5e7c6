import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClient } from '../redis/connect.js';
import { keys } from '../redis/keys.js';

/** How long Redis is asked for its answer, in ms: what is left of a 503's 3 s. */
const PATIENCE_MS = 900;
const PAUSE_MS = 50;

/**
 * Whether a task whose adding was sent, and lost its answer with the connection, is stored. False also where Redis does not
 * come back soon. It only looks: what is asked here and answered too late has done nothing.
 */
export async function confirmTask(redis: RedisClient, shard: number, taskId: string): Promise<boolean> {
  const end = performance.now() + PATIENCE_MS;
  for (let leftMs = PATIENCE_MS; leftMs > 0; leftMs = end - performance.now()) {
    try {
      const asked = redis.hexists(keys.job(shard, taskId), 'timestamp');
      return (await Promise.race([asked, sleep(leftMs, 0, { ref: false })])) === 1;
    } catch {
      // Not back yet.
      await sleep(PAUSE_MS);
    }
  }
  return false;
}
