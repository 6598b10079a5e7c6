import { sleep, withDeadline } from '@agenthook/async';
import type { RedisClient } from '../redis/connect.js';
import { keys } from '../redis/keys.js';

const PAUSE_MS = 50;

/**
 * Whether a task is stored, after the answer to its adding was lost with the connection. Returns false if
 * Redis has not answered by `until` (performance.now(), ms). It only reads, so a late answer has no effect.
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
      // Redis is still unavailable.
      await sleep(PAUSE_MS);
    }
  }
  return false;
}
