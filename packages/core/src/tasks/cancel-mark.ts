import type { Context } from '../context.js';
import { ALL_AGENTS, keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { FIRST_STARTED_FIELD } from './status.js';

/** The field of a job's hash that keeps when its cancelling was asked for, while a worker ran it. */
export const CANCELLED_FIELD = 'cancelledOn';

/** How often a worker asks which of its tasks are to stop, in ms. */
const WATCH_MS = 400;

/**
 * Keeps the time of the first start, moves the task in the index (KEYS from 2: PENDING and STARTED of each scope), and
 * says, in the same step, whether it is to stop. One that is not PENDING in the index has started before, or has ended.
 */
const startScript = defineScript<string | null>(`
redis.call('HSETNX', KEYS[1], '${FIRST_STARTED_FIELD}', ARGV[1])
for n = 2, #KEYS, 2 do
  if redis.call('ZREM', KEYS[n], ARGV[2]) == 1 then redis.call('ZADD', KEYS[n + 1], ARGV[3], ARGV[2]) end
end
return redis.call('HGET', KEYS[1], '${CANCELLED_FIELD}')`);

/** Notes that a task started. Returns whether it was cancelled, so that it must not run. Times are in ms. */
export async function noteStart(
  ctx: Context,
  task: { shard: number; id: string; agentId: string; createdMs: number; startedMs: number },
): Promise<boolean> {
  const { shard, id } = task;
  const places = [ALL_AGENTS, task.agentId].flatMap((scope) => [
    keys.taskIndex(shard, scope, 'PENDING'),
    keys.taskIndex(shard, scope, 'STARTED'),
  ]);
  const redisKeys = [keys.job(shard, id), ...places];
  return (await startScript(ctx.redis, redisKeys, [task.startedMs, id, task.createdMs])) !== null;
}

/** Whether a task that runs is to stop. */
export async function isCancelled(ctx: Context, shard: number, taskId: string): Promise<boolean> {
  return (await ctx.redis.hexists(keys.job(shard, taskId), CANCELLED_FIELD)) === 1;
}

/**
 * Tells `stop` of each task that is to stop, on whichever worker it runs, within WATCH_MS and again until it has ended.
 * Asking a small set, which is nearly always empty, can miss nothing; a message could. Returns what ends the watch.
 */
export function watchCancelled(ctx: Context, stop: (shard: number, taskId: string) => void): () => void {
  let asking = false;
  const ask = async () => {
    if (asking) return; // Redis is away; the question that waits is enough
    asking = true;
    try {
      await Promise.all(
        ctx.queues.map(async (_queue, shard) => {
          for (const id of await ctx.redis.zrange(keys.cancelling(shard), '0', '-1')) stop(shard, id);
        }),
      );
    } catch (error) {
      ctx.log.debug({ err: error }, 'asking for cancelled tasks failed');
    } finally {
      asking = false;
    }
  };
  const timer = setInterval(ask, WATCH_MS);
  return () => clearInterval(timer);
}
