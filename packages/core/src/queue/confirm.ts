import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClient } from '../redis/connect.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { ACKNOWLEDGED_FIELD } from './add-tasks.js';

/** How long Redis is asked again while it does not answer, in ms: what is left of a 503's 3 s. */
const PATIENCE_MS = 900;
const PAUSE_MS = 50;

/** Whether a job is there. One that is may not be withdrawn any more: its caller is about to be told of it. */
const script = defineScript<0 | 1>(`
if redis.call('HEXISTS', KEYS[1], 'timestamp') == 0 then return 0 end
return redis.call('HSET', KEYS[1], '${ACKNOWLEDGED_FIELD}', '1') and 1`);

/**
 * Whether a task whose adding was sent, and lost its answer with the connection, is stored. False also where Redis does not
 * come back soon.
 */
export async function confirmTask(redis: RedisClient, shard: number, taskId: string): Promise<boolean> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await sleep(PAUSE_MS)) {
    try {
      return (await script(redis, [keys.job(shard, taskId)])) === 1;
    } catch {
      // Not back yet.
    }
  }
  return false;
}
