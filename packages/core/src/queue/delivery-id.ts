import { hash } from 'node:crypto';
import { shardOf } from './task-id.js';

const PREFIX = 'cb-';

/**
 * The id of the delivery of a task's end to the callback. The log entry, the job and the `webhook-id` header
 * use it; receivers detect repeats by it.
 */
export const deliveryIdOf = (taskId: string): string => `${PREFIX}${taskId}`;

/** The id of the delivery of a task's end to one of its agent's destinations. */
export const destinationIdOf = (taskId: string, name: string): string =>
  `${deliveryIdOf(taskId)}-d${hash('sha256', name).slice(0, 8)}`;

const OF_DESTINATION = /-d[0-9a-f]{8}$/;

/** Whether a delivery goes to a destination. */
export const isDestinationId = (id: string): boolean => OF_DESTINATION.test(id);

/** The task of a delivery and its shard; undefined if the text is not a delivery id. */
export function taskOfDelivery(id: string, shards: number): { taskId: string; shard: number } | undefined {
  if (!id.startsWith(PREFIX)) return undefined;
  const taskId = id.slice(PREFIX.length).replace(OF_DESTINATION, '');
  const shard = shardOf(taskId, shards);
  return shard === undefined ? undefined : { taskId, shard };
}
