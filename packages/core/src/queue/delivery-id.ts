import { shardOf } from './task-id.js';

const PREFIX = 'cb-';

/**
 * The id of the one delivery of a task: of its entry in the log, of its job, and the `webhook-id` by which a receiver
 * knows a repetition.
 */
export const deliveryIdOf = (taskId: string): string => `${PREFIX}${taskId}`;

/** The task of a delivery and its shard; undefined when the text is no delivery's id. */
export function taskOfDelivery(id: string, shards: number): { taskId: string; shard: number } | undefined {
  if (!id.startsWith(PREFIX)) return undefined;
  const taskId = id.slice(PREFIX.length);
  const shard = shardOf(taskId, shards);
  return shard === undefined ? undefined : { taskId, shard };
}
