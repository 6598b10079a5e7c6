import type { Attachment } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { shardOf } from '../queue/task-id.js';
import { runData } from './bursts/burst-events.js';
import { readTaskData } from './ended/read-task-data.js';
import { unknownTask } from './status.js';
import { allFiles, readAttached, readFile, shownFile } from './task-files.js';

/** A file of a task with its bytes. Throws `unknown_task`, `unknown_attachment` and what readFile throws. */
export async function readAttachment(
  ctx: Context,
  taskId: string,
  index: number,
): Promise<Attachment & { content: Buffer }> {
  const shard = shardOf(taskId, ctx.queues.length);
  if (shard === undefined) throw unknownTask();
  const [data, attached] = await Promise.all([
    readTaskData(ctx, shard, taskId),
    readAttached(ctx, shard, taskId),
  ]);
  if (!data) throw unknownTask();
  const files = allFiles(await runData(ctx, shard, taskId, data), attached);
  const about = files[index];
  const content = await readFile(ctx, shard, taskId, files, index);
  if (!about || !content) throw new AppError('unknown_attachment', `The task has no attachment ${index}.`);
  return { ...shownFile(about), content };
}
