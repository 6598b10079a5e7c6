import type { DeliveryList } from '@agenthook/contracts';
import { agentExists } from '../agents/read-agent.js';
import type { Context } from '../context.js';
import { unknownAgent } from '../errors.js';
import { deliveryIdOf } from '../queue/delivery-id.js';
import { virtualShardOf } from '../queue/task-id.js';
import { pageOfDeliveries, readDeliveries } from './delivery-log.js';

/**
 * A page of an agent's deliveries, newest first, or the delivery of one task. O(page). Throws
 * `unknown_agent`.
 */
export async function listDeliveries(
  ctx: Context,
  agentId: string,
  page: { limit: number; cursor?: string; task_id?: string },
): Promise<DeliveryList> {
  if (!(await agentExists(ctx, agentId))) throw unknownAgent(agentId);
  const { limit, cursor, task_id } = page;
  const shard = virtualShardOf(agentId) % ctx.callbacks.length;
  if (task_id !== undefined) {
    const found = await readDeliveries(ctx, shard, [deliveryIdOf(task_id)]);
    return { callbacks: found.filter(({ agent_id }) => agent_id === agentId), next_cursor: null };
  }
  const entries = await pageOfDeliveries(ctx, shard, agentId, limit + 1, cursor);
  const shown = entries.slice(0, limit);
  const callbacks = await readDeliveries(
    ctx,
    shard,
    shown.map(({ id }) => id),
  );
  return { callbacks, next_cursor: entries.length > limit ? (shown.at(-1)?.member ?? null) : null };
}
