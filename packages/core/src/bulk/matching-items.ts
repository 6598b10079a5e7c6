import { type DeliveryStatus, parseTime } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { pageOfDeliveries } from '../deliveries/delivery-log.js';
import { createdMsOf } from '../deliveries/log-member.js';
import { rowsOfEvents } from '../intake/rejection-store.js';
import { shardOfAgent } from '../queue/task-id.js';
import { keys } from '../redis/keys.js';
import { listTasks } from '../tasks/list/list-tasks.js';
import { type BulkFilter, type DeliveryFilter, isBetween, type RejectionFilter } from './bulk-filter.js';

/** How many tasks or deliveries a page looks at. */
const PAGE = 100;

/** Items that match, newest first within an agent, and where the next page begins; undefined for none. */
export interface ItemPage {
  items: string[];
  next: string | undefined;
}

/**
 * A page of the items that match a filter. An item is a task's id, a delivery's id, or the ids of an agent
 * and of its rejection with a space between them. A page may be empty and still have a next one.
 */
export async function matchingItems(ctx: Context, filter: BulkFilter, cursor: string): Promise<ItemPage> {
  switch (filter.of) {
    case 'tasks': {
      const page = { limit: PAGE, cursor: cursor || undefined, isWhole: true };
      const { tasks, next_cursor } = await listTasks(ctx, filter.tasks, page);
      return { items: tasks.map(({ task_id }) => task_id), next: next_cursor ?? undefined };
    }
    case 'rejections': {
      const agentId = await agentAt(ctx, filter.rejections.agentId, cursor);
      if (agentId === undefined) return END;
      const items = await rejectionsOf(ctx, agentId, filter.rejections);
      return { items, next: filter.rejections.agentId ? undefined : agentId };
    }
    case 'deliveries': {
      const [lastId = '', member] = cursor.split(' ');
      const agentId = member ? lastId : await agentAt(ctx, filter.deliveries.agentId, lastId);
      if (agentId === undefined) return END;
      const { items, last } = await deliveriesOf(ctx, agentId, filter.deliveries, member);
      if (last !== undefined) return { items, next: `${agentId} ${last}` };
      return { items, next: filter.deliveries.agentId ? undefined : agentId };
    }
  }
}

const END: ItemPage = { items: [], next: undefined };

/** The given agent, or the next older one after another agent; undefined after the last. */
async function agentAt(ctx: Context, given: string | undefined, after: string): Promise<string | undefined> {
  if (given !== undefined) return given;
  const [next] = await ctx.redis.zrevrangebylex(
    keys.agents,
    after === '' ? '+' : `(${after}`,
    '-',
    'LIMIT',
    0,
    1,
  );
  return next;
}

async function rejectionsOf(ctx: Context, agentId: string, filter: RejectionFilter): Promise<string[]> {
  const rows = await rowsOfEvents(ctx, agentId, filter.shelf);
  return rows.flatMap(({ id, stored }) => {
    const fits =
      stored.accepted === null &&
      (filter.code === undefined || ('code' in stored && stored.code === filter.code)) &&
      isBetween(parseTime(stored.at) ?? 0, filter);
    return fits ? [`${agentId} ${id}`] : [];
  });
}

async function deliveriesOf(
  ctx: Context,
  agentId: string,
  filter: DeliveryFilter,
  after: string | undefined,
): Promise<{ items: string[]; last: string | undefined }> {
  const shard = shardOfAgent(agentId, ctx.callbacks.length);
  const page = await pageOfDeliveries(ctx, shard, agentId, PAGE, after);
  const batch = ctx.redis.pipeline();
  for (const { id } of page) batch.hget(keys.delivery(shard, id), 'status');
  const rows = (await batch.exec()) ?? [];
  const items = page.flatMap(({ id, member }, n) => {
    const [error, status] = rows[n] ?? [];
    if (error) throw error;
    const fits =
      status !== null &&
      (!filter.statuses?.length || filter.statuses.includes(status as DeliveryStatus)) &&
      isBetween(createdMsOf(member), filter);
    return fits ? [id] : [];
  });
  return { items, last: page.length === PAGE ? page.at(-1)?.member : undefined };
}
