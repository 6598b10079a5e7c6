import type { Context } from '../context.js';
import { memberOf } from '../deliveries/log-member.js';
import { shardOfDelivery } from '../queue/delivery-id.js';
import { keys } from '../redis/keys.js';
import { eraseDeliveryScript } from './erase-delivery.script.js';

/** Erases deliveries of a task to destinations or about its asks. `ids` as a field of its job has them. */
export async function eraseDeliveries(ctx: Context, ids: string): Promise<void> {
  for (const id of ids.split(' ')) {
    const shard = shardOfDelivery(id, ctx.callbacks.length);
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
