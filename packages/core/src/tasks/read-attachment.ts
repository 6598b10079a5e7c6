import type { Attachment } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import type { TaskData } from '../queue/job.js';
import { shardOf } from '../queue/task-id.js';
import { keys } from '../redis/keys.js';
import { runData } from './bursts/burst-events.js';
import { unknownTask } from './status.js';
import { readFile } from './task-files.js';

/** A file of a task with its bytes. Throws `unknown_task`, `unknown_attachment`. */
export async function readAttachment(
  ctx: Context,
  taskId: string,
  index: number,
): Promise<Attachment & { content: Buffer }> {
  const shard = shardOf(taskId, ctx.queues.length);
  if (shard === undefined) throw unknownTask();
  const [json, content] = await Promise.all([
    ctx.redis.hget(keys.job(shard, taskId), 'data'),
    readFile(ctx, shard, taskId, index),
  ]);
  if (json === null) throw unknownTask();
  const { files } = await runData(ctx, shard, taskId, JSON.parse(json) as TaskData);
  const about = files?.[index];
  if (!about || !content) throw new AppError('unknown_attachment', `The task has no attachment ${index}.`);
  return { ...about, content };
}
