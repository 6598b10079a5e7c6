import type { Attachment } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { shardOf } from '../queue/task-id.js';
import { runData } from './bursts/burst-events.js';
import { readTaskData } from './ended/read-task-data.js';
import { unknownTask } from './status.js';
import { allFiles, readAttached, readFile } from './task-files.js';

/** A file of a task with its bytes. Throws `unknown_task`, `unknown_attachment`. */
export async function readAttachment(
  ctx: Context,
  taskId: string,
  index: number,
): Promise<Attachment & { content: Buffer }> {
  const shard = shardOf(taskId, ctx.queues.length);
  if (shard === undefined) throw unknownTask();
  const [data, attached, content] = await Promise.all([
    readTaskData(ctx, shard, taskId),
    readAttached(ctx, shard, taskId),
    readFile(ctx, shard, taskId, index),
  ]);
  if (!data) throw unknownTask();
  const about = allFiles(await runData(ctx, shard, taskId, data), attached)[index];
  if (!about || !content) throw new AppError('unknown_attachment', `The task has no attachment ${index}.`);
  return { ...about, content };
}
