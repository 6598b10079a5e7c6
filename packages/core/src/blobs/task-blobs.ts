import { readHeads } from '../archive/read-archived.js';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { transact } from '../redis/transact.js';

/** When to look whether a task with files in the store still exists, in ms. */
const LOOK_AGAIN_MS = 3_600_000;
const AT_ONCE = 100;
/** How often one sweep reads so many tasks whose files are to be removed. */
const MOST_PAGES = 50;
/** How many tasks' files are removed from the store at the same time. */
const REMOVED_AT_ONCE = 8;

/** What the names of a task's files begin with. */
export const blobPrefix = (taskId: string): string => `${taskId}/`;

/**
 * Notes that a task is about to have files in the store, so that they are found and removed if it is never
 * stored, or is gone. A sweep no longer removes what an earlier try to store the same task has left.
 */
export async function noteBlobs(ctx: Context, shard: number, taskId: string): Promise<void> {
  await transact(ctx.redis, (batch) =>
    batch.zadd(keys.blobs(shard), ctx.now() + LOOK_AGAIN_MS, taskId).srem(keys.releasedBlobs(shard), taskId),
  );
}

/** The sets of tasks that have files in the store. Without an archive, files of archived tasks stay. */
const setsOf = ({ archive }: Context, shard: number): string[] =>
  archive ? [keys.blobs(shard), keys.archivedBlobs(shard)] : [keys.blobs(shard)];

/** Notes that the files of these tasks are to be removed from the store. Returns the tasks that have some. */
export async function releaseBlobs(
  ctx: Context,
  shard: number,
  taskIds: readonly string[],
): Promise<string[]> {
  if (!ctx.blobs || taskIds.length === 0) return [];
  const sets = setsOf(ctx, shard);
  const noted = await Promise.all(sets.map((set) => ctx.redis.zmscore(set, ...taskIds)));
  const released = taskIds.filter((_, n) => noted.some((scores) => scores[n] !== null));
  if (released.length === 0) return [];
  await transact(ctx.redis, (batch) => {
    for (const set of sets) batch.zrem(set, ...released);
    return batch.sadd(keys.releasedBlobs(shard), ...released);
  });
  return released;
}

/** The same, and removes them at once. If the store fails, a sweep removes them later. */
export async function removeBlobs(ctx: Context, shard: number, taskIds: readonly string[]): Promise<void> {
  await removeReleased(ctx, shard, await releaseBlobs(ctx, shard, taskIds));
}

/** Returns whether the store removed them. */
async function removeReleased(ctx: Context, shard: number, taskIds: readonly string[]): Promise<boolean> {
  const { blobs } = ctx;
  if (!blobs) return false;
  for (let from = 0; from < taskIds.length; from += REMOVED_AT_ONCE) {
    const some = taskIds.slice(from, from + REMOVED_AT_ONCE);
    try {
      await Promise.all(some.map((id) => blobs.removeAll(blobPrefix(id))));
      await ctx.redis.srem(keys.releasedBlobs(shard), ...some);
    } catch (error) {
      ctx.log.warn({ err: error }, 'files were not removed from the store yet; they will be');
      return false;
    }
  }
  return true;
}

/** Removes files of tasks that are gone from the store. A call does a bounded part of the work. */
export async function sweepBlobs(ctx: Context): Promise<void> {
  if (!ctx.blobs) return;
  for (const shard of ctx.queues.keys()) {
    let cursor = '0';
    for (let page = 0; page < MOST_PAGES; page++) {
      const [next, released] = await ctx.redis.sscan(keys.releasedBlobs(shard), cursor, 'COUNT', AT_ONCE);
      if (!(await removeReleased(ctx, shard, released)) || next === '0') break;
      cursor = next;
    }
    // Last: this throws while the archive is away.
    for (const set of setsOf(ctx, shard)) await removeGone(ctx, shard, set);
  }
}

/** Removes the files of those tasks in a set that are neither in Redis nor in the archive. */
async function removeGone(ctx: Context, shard: number, set: string): Promise<void> {
  const due = await ctx.redis.zrangebyscore(set, '-inf', ctx.now(), 'LIMIT', 0, 10 * AT_ONCE);
  if (due.length === 0) return;
  const batch = ctx.redis.pipeline();
  for (const id of due) batch.exists(keys.job(shard, id));
  const found = (await batch.exec()) ?? [];
  // In this order: a task leaves Redis only once it is in the archive.
  const missing = due.filter((_, n) => found[n]?.[1] === 0);
  const archived = await readHeads(ctx, missing);
  const gone = new Set(missing.filter((id) => !archived.has(id)));
  for (const id of due.filter((each) => !gone.has(each)))
    await ctx.redis.zadd(set, 'XX', ctx.now() + LOOK_AGAIN_MS, id);
  await removeBlobs(ctx, shard, [...gone]);
}
