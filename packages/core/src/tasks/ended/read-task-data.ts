import type { Context } from '../../context.js';
import type { TaskData } from '../../queue/job.js';
import { openEventJson } from '../../sealing/sealed-event.js';
import { readTexts } from './ended-texts.js';
import { readFields } from './read-fields.js';

/** The data of a task's job with its event opened, as JSON; undefined for an unknown or expired id. */
export async function readDataJson(ctx: Context, shard: number, taskId: string): Promise<string | undefined> {
  const [data, ...results] = await readFields(ctx, shard, taskId, 'data', 'returnvalue', 'failedReason');
  if (data) return await openEventJson(ctx, data);
  const [stored] = results.filter((result) => typeof result === 'string');
  return stored === undefined ? undefined : (await readTexts(ctx, stored)).data;
}

/** The data of a task's job; undefined for an unknown or expired id. */
export async function readTaskData(
  ctx: Context,
  shard: number,
  taskId: string,
): Promise<TaskData | undefined> {
  const json = await readDataJson(ctx, shard, taskId);
  return json === undefined ? undefined : (JSON.parse(json) as TaskData);
}
