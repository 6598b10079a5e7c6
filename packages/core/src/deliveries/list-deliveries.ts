import type { DeliveryList } from '@agenthook/contracts';
import { agentExists } from '../agents/read-agent.js';
import type { Context } from '../context.js';
import { badCursor, unknownAgent } from '../errors.js';
import { deliveryIdOf } from '../queue/delivery-id.js';
import { DESTINATIONS_FIELD } from '../queue/job.js';
import { virtualShardOf } from '../queue/task-id.js';
import { fillPage } from '../redis/fill-page.js';
import { readFields } from '../tasks/ended/read-fields.js';
import { pageOfDeliveries, readDeliveries } from './delivery-log.js';
import { isMember } from './log-member.js';

/**
 * A page of an agent's deliveries, newest first, or the deliveries of one task. O(page). Throws
 * `unknown_agent`, `invalid_request`.
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
    const [sent] = await readFields(ctx, shard, task_id, DESTINATIONS_FIELD);
    const ids = [deliveryIdOf(task_id), ...(sent?.split(' ') ?? [])];
    const found = await readDeliveries(ctx, shard, ids);
    return { callbacks: found.filter(({ agent_id }) => agent_id === agentId), next_cursor: null };
  }
  if (cursor !== undefined && !isMember(cursor)) throw badCursor();
  const { items, next } = await fillPage(
    limit,
    cursor === undefined ? undefined : { member: cursor, id: '' },
    (after, count) => pageOfDeliveries(ctx, shard, agentId, count, after?.member),
    (entries) =>
      readDeliveries(
        ctx,
        shard,
        entries.map(({ id }) => id),
      ),
  );
  return { callbacks: items, next_cursor: next?.member ?? null };
}
