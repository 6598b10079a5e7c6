import type { Context } from '../context.js';
import { hourOf, STATS_TTL_SECONDS } from '../queue/hour.js';
import { shardOfAgent } from '../queue/task-id.js';
import { ALL_AGENTS, keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';

/** Counts in one command: this is done for every refused post. */
const countScript = defineScript<1>(`
local totals, scopes, ofAll, ofAgent = unpack(KEYS)
local agent, count, ttl = unpack(ARGV)
redis.call('HINCRBY', totals, 'rejected', count)
redis.call('SADD', scopes, agent)
for _, stats in ipairs({ ofAll, ofAgent }) do
  redis.call('HINCRBY', stats, 'rejected', count)
  redis.call('EXPIRE', stats, ttl)
end
return 1`);

/** Counts `count` refused posts of an agent's webhook. */
export async function countRejected(ctx: Context, agentId: string, count = 1): Promise<void> {
  const shard = shardOfAgent(agentId, ctx.queues.length);
  const hour = hourOf(ctx.now());
  const stats = [ALL_AGENTS, agentId].map((scope) => keys.stats(shard, scope, hour));
  const redisKeys = [keys.totals(shard), keys.indexScopes(shard), ...stats];
  await countScript(ctx.redis, redisKeys, [agentId, count, STATS_TTL_SECONDS]);
}
