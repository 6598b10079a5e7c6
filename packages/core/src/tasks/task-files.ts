import type { AttachmentsPort } from '@agenthook/contracts';
import type { Context } from '../context.js';
import type { TaskData } from '../queue/job.js';
import { keys } from '../redis/keys.js';

/**
 * How long files without a task are kept, in seconds. A process may die before it stores the task. Storing
 * the task removes the limit in the same step.
 */
const ORPHAN_SECONDS = 3_600;

/** Stores the files of a task that is about to be stored. */
export async function storeFiles(
  ctx: Context,
  shard: number,
  taskId: string,
  files: readonly Uint8Array[],
): Promise<void> {
  const key = keys.taskFiles(shard, taskId);
  const batch = ctx.redis.multi();
  for (const file of files) batch.rpush(key, Buffer.from(file.buffer, file.byteOffset, file.length));
  await execute(batch.expire(key, ORPHAN_SECONDS));
}

/** The same for a task that gets the files of another task of its agent, which is in the same shard. */
export async function copyFiles(ctx: Context, shard: number, taskId: string, fromId: string): Promise<void> {
  const key = keys.taskFiles(shard, taskId);
  await execute(
    ctx.redis.multi().copy(keys.taskFiles(shard, fromId), key, 'REPLACE').expire(key, ORPHAN_SECONDS),
  );
}

async function execute(batch: ReturnType<Context['redis']['multi']>): Promise<void> {
  for (const [error] of (await batch.exec()) ?? []) if (error) throw error;
}

/** Removes the files of a task that was not stored. If that fails, they expire. */
export function dropFiles(ctx: Context, shard: number, taskId: string): void {
  ctx.redis.unlink(keys.taskFiles(shard, taskId)).catch(() => {});
}

/** One file of a task, by its number; undefined if there is none. */
export async function readFile(
  ctx: Context,
  shard: number,
  taskId: string,
  index: number,
): Promise<Buffer | undefined> {
  return (await ctx.redis.lindexBuffer(keys.taskFiles(shard, taskId), index)) ?? undefined;
}

/** The files of a task, for its run. */
export const filesOf = (
  ctx: Context,
  shard: number,
  taskId: string,
  { files = [] }: TaskData,
): AttachmentsPort => ({
  list: files,
  read: async () => {
    if (files.length === 0) return [];
    const stored = await ctx.redis.lrangeBuffer(keys.taskFiles(shard, taskId), 0, -1);
    if (stored.length !== files.length) throw new Error('the files of a task are gone');
    return stored;
  },
});
