import type { Attachment, AttachmentsPort } from '@agenthook/contracts';
import { readArchivedFile, readArchivedFiles } from '../archive/read-archived.js';
import type { Context } from '../context.js';
import { ATTACHED_FIELD, type TaskData } from '../queue/job.js';
import { keys } from '../redis/keys.js';
import { attachFileScript } from './attach-file.script.js';
import { readFields } from './ended/read-fields.js';
import type { HeldTask } from './run-alone.js';
import { LockLost } from './task-log.js';

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
  for (const file of files) batch.rpush(key, bufferOf(file));
  await execute(batch.expire(key, ORPHAN_SECONDS));
}

/** The same for a task that gets the files of another task of its agent, which is in the same shard. */
export async function copyFiles(ctx: Context, shard: number, taskId: string, fromId: string): Promise<void> {
  const key = keys.taskFiles(shard, taskId);
  const from = keys.taskFiles(shard, fromId);
  await execute(ctx.redis.multi().copy(from, key, 'REPLACE').expire(key, ORPHAN_SECONDS));
  if (!ctx.archive || (await ctx.redis.exists(key)) === 1) return;
  await storeFiles(ctx, shard, taskId, await readArchivedFiles(ctx, fromId));
}

async function execute(batch: ReturnType<Context['redis']['multi']>): Promise<void> {
  for (const [error] of (await batch.exec()) ?? []) if (error) throw error;
}

const bufferOf = (file: Uint8Array): Buffer => Buffer.from(file.buffer, file.byteOffset, file.length);

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
  const stored = await ctx.redis.lindexBuffer(keys.taskFiles(shard, taskId), index);
  return stored ?? (await readArchivedFile(ctx, taskId, index));
}

/** What is known of the files that a task's run has fetched. */
export async function readAttached(ctx: Context, shard: number, taskId: string): Promise<Attachment[]> {
  const [attached] = await readFields(ctx, shard, taskId, ATTACHED_FIELD);
  return attachedIn(attached);
}

/** The same from the field of its job. */
export const attachedIn = (json: string | null | undefined): Attachment[] => (json ? JSON.parse(json) : []);

/** All files of a task, those of its event first. `attached` are those that its run has fetched. */
export const allFiles = ({ files = [] }: TaskData, attached: readonly Attachment[]): Attachment[] => [
  ...files,
  ...attached,
];

/** The files of a task, for its run. `attached` are those that earlier attempts have fetched. */
export function filesOf(
  ctx: Context,
  { shard, id, token }: HeldTask,
  data: TaskData,
  attached: readonly Attachment[],
): AttachmentsPort {
  const list = allFiles(data, attached);
  const fetched = [...attached];
  const ofEvent = list.length - fetched.length;
  return {
    list,
    read: async () => {
      if (list.length === 0) return [];
      const stored = await ctx.redis.lrangeBuffer(keys.taskFiles(shard, id), 0, list.length - 1);
      if (stored.length !== list.length) throw new Error('the files of a task are gone');
      return stored;
    },
    add: async (file, content) => {
      const before = ofEvent + fetched.length;
      fetched.push(file);
      const isStored = await attachFileScript(
        ctx.redis,
        { job: keys.job(shard, id), lock: keys.jobLock(shard, id), files: keys.taskFiles(shard, id) },
        { token, before, attached: JSON.stringify(fetched), content: bufferOf(content) },
      );
      if (!isStored) throw new LockLost(`task ${id} is another worker's`);
    },
  };
}
