import { sleep, withDeadline } from '@agenthook/async';
import type { RedisClient } from '../redis/connect.js';
import { keys } from '../redis/keys.js';

const PAUSE_MS = 50;

/**
 * The task of an event that is stored, after the answer to its adding was lost with the connection: its own,
 * or that of the burst that it joined. undefined if it is not stored, or Redis has not answered by `until`
 * (performance.now(), ms). It only reads, so a late answer has no effect.
 */
export async function confirmTask(
  redis: RedisClient,
  shard: number,
  taskId: string,
  until: number,
): Promise<string | undefined> {
  for (let leftMs = until - performance.now(); leftMs > 0; leftMs = until - performance.now()) {
    try {
      const asked = redis
        .multi()
        .hexists(keys.job(shard, taskId), 'timestamp')
        .get(keys.joinedTask(shard, taskId))
        .exec();
      const [[, isStored], [, joined]] = (await withDeadline(asked, leftMs)) as [unknown[], unknown[]];
      return isStored === 1 ? taskId : ((joined as string | null) ?? undefined);
    } catch {
      // Redis is still unavailable.
      await sleep(PAUSE_MS);
    }
  }
  return undefined;
}
