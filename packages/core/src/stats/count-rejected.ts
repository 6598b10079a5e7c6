import type { Context } from '../context.js';
import { STATS_TTL_SECONDS } from '../queue/index-scripts.js';
import { ALL_AGENTS, keys } from '../redis/keys.js';
import { shardOfAgent } from '../tasks/task-id.js';
import { hourOf } from './hour.js';

/** Counts `count` refused posts of an agent's webhook. */
export async function countRejected(ctx: Context, agentId: string, count = 1): Promise<void> {
  const shard = shardOfAgent(agentId, ctx.queues.length);
  const batch = ctx.redis.pipeline().hincrby(keys.totals(shard), 'rejected', count);
  batch.sadd(keys.indexScopes(shard), agentId);
  for (const scope of [ALL_AGENTS, agentId]) {
    const place = keys.stats(shard, scope, hourOf(ctx.now()));
    batch.hincrby(place, 'rejected', count).expire(place, STATS_TTL_SECONDS);
  }
  await batch.exec();
}
