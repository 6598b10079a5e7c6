import { sleep, withDeadline } from '@agenthook/async';
import type { RedisClient } from '../redis/connect.js';
import { keys } from '../redis/keys.js';

const PAUSE_MS = 50;

/**
 * Whether a task whose adding was sent, and lost its answer with the connection, is stored. False also where Redis has not
 * told by `until`, of performance.now() in ms. It only looks: what is asked here and answered too late has done nothing.
 */
export async function confirmTask(
  redis: RedisClient,
  shard: number,
  taskId: string,
  until: number,
): Promise<boolean> {
  for (let leftMs = until - performance.now(); leftMs > 0; leftMs = until - performance.now()) {
    try {
      const asked = redis.hexists(keys.job(shard, taskId), 'timestamp');
      return (await withDeadline(asked, leftMs)) === 1;
    } catch {
      // Not back yet.
      await sleep(PAUSE_MS);
    }
  }
  return false;
}
