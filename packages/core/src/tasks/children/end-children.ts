import type { Context } from '../../context.js';
import type { EndedTask } from '../../queue/ended-task.js';
import { shardOf } from '../../queue/task-id.js';
import { keys } from '../../redis/keys.js';
import { cancelOnce } from '../cancel.js';

/** Cancels what an ended task has called and no longer waits for, whatever ended it. Repeating it is safe. */
export async function cancelChildren(ctx: Context, { children = [] }: EndedTask): Promise<void> {
  for (const id of children) {
    const shard = shardOf(id, ctx.queues.length);
    if (shard === undefined) continue;
    const [created, finishedOn] = await ctx.redis.hmget(keys.job(shard, id), 'timestamp', 'finishedOn');
    if (created && !finishedOn) await cancelOnce(ctx, shard, id);
  }
}

/**
 * Whether the task that has called another one still waits for an end. A worker that was given up may create
 * a child when its parent has ended; such a child must not run.
 */
export async function isParentOpen(ctx: Context, parentId: string): Promise<boolean> {
  const shard = shardOf(parentId, ctx.queues.length);
  if (shard === undefined) return false;
  const [created, finishedOn] = await ctx.redis.hmget(keys.job(shard, parentId), 'timestamp', 'finishedOn');
  return Boolean(created) && !finishedOn;
}
