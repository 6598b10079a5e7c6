import type { Context } from '../context.js';
import { hourOf, STATS_TTL_SECONDS } from '../queue/hour.js';
import { shardOfAgent } from '../queue/task-id.js';
import { ALL_AGENTS, keys } from '../redis/keys.js';
import { countRejectedScript } from './count-rejected.script.js';

/** Counts `count` refused requests to an agent's webhook. */
export async function countRejected(ctx: Context, agentId: string, count = 1): Promise<void> {
  const shard = shardOfAgent(agentId, ctx.queues.length);
  const hour = hourOf(ctx.now());
  await countRejectedScript(
    ctx.redis,
    {
      totals: keys.totals(shard),
      scopes: keys.indexScopes(shard),
      ofAll: keys.stats(shard, ALL_AGENTS, hour),
      ofAgent: keys.stats(shard, agentId, hour),
    },
    { agent: agentId, count, ttl: STATS_TTL_SECONDS },
  );
}
