import { every } from '@agenthook/async';
import type { Context } from '../context.js';
import { CANCELLED_FIELD } from '../queue/job.js';
import { keys } from '../redis/keys.js';

/** How often a worker asks which of its tasks are to stop, in ms. */
const WATCH_MS = 400;

/** Whether a task that runs is to stop. */
export async function isCancelled(ctx: Context, shard: number, taskId: string): Promise<boolean> {
  return (await ctx.redis.hexists(keys.job(shard, taskId), CANCELLED_FIELD)) === 1;
}

/**
 * Tells `stop` of each task that is to stop, on whichever worker it runs, within WATCH_MS and again until it has ended.
 * Asking a small set, which is nearly always empty, can miss nothing; a message could. Returns what ends the watch.
 */
export function watchCancelled(ctx: Context, stop: (shard: number, taskId: string) => void): () => void {
  const ask = () =>
    Promise.all(
      ctx.queues.map(async (_queue, shard) => {
        for (const id of await ctx.redis.zrange(keys.cancelling(shard), '0', '-1')) stop(shard, id);
      }),
    );
  return every(WATCH_MS, ask, (error) => ctx.log.debug({ err: error }, 'asking for cancelled tasks failed'));
}
