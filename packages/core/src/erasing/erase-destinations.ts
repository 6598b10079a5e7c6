import type { Context } from '../context.js';
import { memberOf } from '../deliveries/log-member.js';
import { taskOfDelivery } from '../queue/delivery-id.js';
import { keys } from '../redis/keys.js';
import { eraseDeliveryScript } from './erase-delivery.script.js';

/** Erases the deliveries of a task's end to destinations. `ids` as the field of its job has them. */
export async function eraseDestinations(ctx: Context, ids: string): Promise<void> {
  for (const id of ids.split(' ')) {
    const shard = taskOfDelivery(id, ctx.callbacks.length)?.shard;
    if (shard === undefined) continue;
    const entry = keys.delivery(shard, id);
    const [owner, created] = await ctx.redis.hmget(entry, 'agent_id', 'created_ms');
    if (!owner) continue;
    await eraseDeliveryScript(
      ctx.redis,
      { entry, log: keys.deliveries(shard, owner), pending: keys.pendingDeliveries(shard) },
      { owner, member: memberOf(id, Number(created)) },
    );
    await ctx.callbacks[shard]?.remove(id);
  }
}
