import { every } from '@agenthook/async';
import type { Context } from '../context.js';
import { CANCELLED_FIELD, SUPERSEDED_FIELD } from '../queue/job.js';
import { keys } from '../redis/keys.js';

/** How often a worker checks which of its tasks to stop, in ms. */
const WATCH_MS = 400;

/** Why a running task is to be stopped; undefined if it is not. */
export async function cancelledBy(
  ctx: Context,
  shard: number,
  taskId: string,
): Promise<'cancelled' | 'superseded' | undefined> {
  const marks = await ctx.redis.hmget(keys.job(shard, taskId), CANCELLED_FIELD, SUPERSEDED_FIELD);
  if (marks[0] === null) return undefined;
  return marks[1] === null ? 'cancelled' : 'superseded';
}

/**
 * Calls `stop` for each task that is to be stopped, whichever worker runs it, within WATCH_MS and repeatedly
 * until the task has ended. Polls a small set that is usually empty; unlike a message, it cannot be missed.
 * Returns a function that ends the watch.
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
