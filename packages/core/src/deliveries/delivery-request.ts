import { type DeliveryRequest, VERSION } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { deliveryIdOf, shardOfDelivery, taskOfDelivery } from '../queue/delivery-id.js';
import { keys } from '../redis/keys.js';
import { callbackBody } from './callback-body.js';
import { readDeliveries } from './delivery-log.js';
import { contentOf } from './notices/content.js';

/** The headers that each callback has, beside its id, time and signature. */
export const COMMON_HEADERS = {
  'content-type': 'application/json',
  'user-agent': `AgentHook/${VERSION}`,
} as const;

/**
 * What a delivery sends: the same in each attempt. The body about an ask is not shown, because the holder of
 * its link may decide. Throws `unknown_delivery` for one that is not the agent's.
 */
export async function deliveryRequest(ctx: Context, agentId: string, id: string): Promise<DeliveryRequest> {
  const shard = shardOfDelivery(id, ctx.callbacks.length);
  const [known] = shard === undefined ? [] : await readDeliveries(ctx, shard, [id]);
  if (shard === undefined || known?.agent_id !== agentId) throw new AppError('unknown_delivery');
  // What a destination gets is made as it is sent.
  if (known.destination) return { headers: {}, body: null };
  const body = (await bodyOf(ctx, shard, id)) ?? null;
  return { headers: { ...COMMON_HEADERS, 'webhook-id': id }, body };
}

async function bodyOf(ctx: Context, shard: number, id: string): Promise<string | undefined> {
  const task = taskOfDelivery(id, ctx.callbacks.length);
  if (task && id === deliveryIdOf(task.taskId)) return await callbackBody(ctx, shard, task.taskId);
  const about = await ctx.redis.hget(keys.delivery(shard, id), 'about');
  if (task || !about) return undefined;
  const content = await contentOf(ctx, shard, about, async () => '');
  return 'end' in content ? undefined : JSON.stringify(content.forCallback);
}
