import type { CallbackType } from '@agenthook/contracts';
import { type CurrentCallback, readCallback } from '../agents/agent-callback.js';
import type { Context } from '../context.js';
import { deliveryIdOf } from '../queue/delivery-id.js';
import type { EndedTask } from '../queue/ended-task.js';
import { createDelivery } from './delivery-log.js';

/** The only job name in the callback queue. */
const DELIVER_JOB = 'deliver';

/** BullMQ's maximum priority number. */
const MAX_PRIORITY = 2 ** 21;

/**
 * Ensures that the end of a task is delivered if its agent has a callback. Callers retry until it resolves; a
 * task still has only one delivery. The test of a draft has none: the receiver expects what is saved.
 *
 * @param callbackOf reads the callback of an agent now; many ends may share it
 */
export async function enqueueCallback(
  ctx: Context,
  task: Pick<EndedTask, 'shard' | 'task_id' | 'agent_id' | 'status' | 'draft'>,
  callbackOf: (agentId: string) => Promise<CurrentCallback> = (agentId) => readCallback(ctx, agentId),
): Promise<void> {
  const { shard, agent_id, draft } = task;
  if (draft) return;
  const callback = await callbackOf(agent_id);
  if (!('url' in callback)) return;
  const id = deliveryIdOf(task.task_id);
  const type: CallbackType = task.status === 'SUCCESS' ? 'task.succeeded' : 'task.failed';
  const { status, pending } = await createDelivery(ctx, shard, {
    id,
    agentId: agent_id,
    type,
    url: callback.url,
    ...(callback.state === 'callback_disabled' && { skipped: callback.state }),
  });
  if (status === 'pending') await addDeliveryJob(ctx, shard, id, pending);
}

/**
 * Adds the job of a delivery unless it exists, due in `delay` ms. An agent's priority falls with its pending
 * deliveries, so that a hanging receiver does not delay other agents.
 */
export async function addDeliveryJob(
  ctx: Context,
  shard: number,
  id: string,
  pending: number,
  delay = 0,
): Promise<void> {
  const priority = Math.min(pending, MAX_PRIORITY);
  await ctx.callbacks[shard]?.add(DELIVER_JOB, {}, { jobId: id, priority, delay });
}
