import { shardOf } from './task-id.js';

const PREFIX = 'cb-';

/**
 * The id of a task's one delivery. The log entry, the job and the `webhook-id` header use it; receivers
 * detect repeats by it.
 */
export const deliveryIdOf = (taskId: string): string => `${PREFIX}${taskId}`;

/** The task of a delivery and its shard; undefined if the text is not a delivery id. */
export function taskOfDelivery(id: string, shards: number): { taskId: string; shard: number } | undefined {
  if (!id.startsWith(PREFIX)) return undefined;
  const taskId = id.slice(PREFIX.length);
  const shard = shardOf(taskId, shards);
  return shard === undefined ? undefined : { taskId, shard };
}
