import type { Context } from '../context.js';
import { dayOf, hourOf, STATS_TTL_SECONDS } from '../queue/hour.js';
import { shardOfAgent } from '../queue/task-id.js';
import { ALL_AGENTS, keys } from '../redis/keys.js';
import { countRefusedScript } from './count-refused.script.js';

/** Counts `count` requests to an agent's webhook that created no task, by why. */
export async function countRefused(
  ctx: Context,
  agentId: string,
  field: 'rejected' | 'filtered',
  count = 1,
): Promise<void> {
  const shard = shardOfAgent(agentId, ctx.queues.length);
  const hour = hourOf(ctx.now());
  await countRefusedScript(
    ctx.redis,
    {
      totals: keys.totals(shard),
      scopes: keys.indexScopes(shard),
      ofAll: keys.stats(shard, ALL_AGENTS, hour),
      ofAgent: keys.stats(shard, agentId, hour),
      busy: keys.busyAgents(shard, dayOf(ctx.now())),
    },
    { agent: agentId, field, count, ttl: STATS_TTL_SECONDS },
  );
}
