import { hash } from 'node:crypto';
import { shardOf } from './task-id.js';

const PREFIX = 'cb-';
const TASK_ID_LENGTH = 36;

/**
 * The id of the delivery of a task's end to the callback. The log entry, the job and the `webhook-id` header
 * use it; receivers detect repeats by it.
 */
export const deliveryIdOf = (taskId: string): string => `${PREFIX}${taskId}`;

/** The id of the delivery of a task's end to one of its agent's destinations. */
export const destinationIdOf = (taskId: string, name: string): string =>
  `${deliveryIdOf(taskId)}-d${hash('sha256', name).slice(0, 8)}`;

const OF_DESTINATION = /-d[0-9a-f]{8}$/;

/** The id of the delivery about an ask: one for each. `place` is the id of its journal entry. */
export const askDeliveryIdOf = (taskId: string, place: string): string => `${deliveryIdOf(taskId)}-${place}`;

/** The id of the delivery that tells an agent's callback of a phase of an alert. */
export const alertDeliveryIdOf = (alertId: string, phase: 'opened' | 'resolved'): string =>
  `${PREFIX}alert-${alertId.slice('alt_'.length)}-${phase}`;

/** The id of a message to a notify channel. `hash` says which event it tells to which channel. */
export const noticeIdOf = (hash: string): string => `nt-${hash}`;

const OF_ASK = /-\d{1,16}-\d{1,16}$/;
const OF_NO_TASK = /^(?:nt-[0-9a-f]{32}|cb-alert-[0-9a-f]{28}-(?:opened|resolved))$/;

/** Whether a delivery goes to a destination. */
export const isDestinationId = (id: string): boolean => OF_DESTINATION.test(id);

/** The task of a delivery and its shard; undefined if the text is not a delivery id. */
export function taskOfDelivery(id: string, shards: number): { taskId: string; shard: number } | undefined {
  if (!id.startsWith(PREFIX)) return undefined;
  const taskId = id.slice(PREFIX.length, PREFIX.length + TASK_ID_LENGTH);
  const rest = id.slice(PREFIX.length + TASK_ID_LENGTH);
  if (rest !== '' && !OF_DESTINATION.test(rest) && !OF_ASK.test(rest)) return undefined;
  const shard = shardOf(taskId, shards);
  return shard === undefined ? undefined : { taskId, shard };
}

/**
 * The shard of a delivery; undefined if the text is no id of one. Those that belong to no task are in the
 * first.
 */
export const shardOfDelivery = (id: string, shards: number): number | undefined =>
  OF_NO_TASK.test(id) ? 0 : taskOfDelivery(id, shards)?.shard;
