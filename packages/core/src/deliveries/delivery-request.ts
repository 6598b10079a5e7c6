import { type DeliveryRequest, VERSION } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { taskOfDelivery } from '../queue/delivery-id.js';
import { callbackBody } from './callback-body.js';
import { readDeliveries } from './delivery-log.js';

/** The headers that each callback has, beside its id, time and signature. */
export const COMMON_HEADERS = {
  'content-type': 'application/json',
  'user-agent': `AgentHook/${VERSION}`,
} as const;

/**
 * What a delivery sends: the same in each attempt. Throws `unknown_delivery` for one that is not the agent's.
 */
export async function deliveryRequest(ctx: Context, agentId: string, id: string): Promise<DeliveryRequest> {
  const task = taskOfDelivery(id, ctx.callbacks.length);
  const [known] = task ? await readDeliveries(ctx, task.shard, [id]) : [];
  if (!task || known?.agent_id !== agentId) throw new AppError('unknown_delivery');
  // What a destination gets is made as it is sent.
  if (known.destination) return { headers: {}, body: null };
  const body = (await callbackBody(ctx, task.shard, task.taskId)) ?? null;
  return { headers: { ...COMMON_HEADERS, 'webhook-id': id }, body };
}
