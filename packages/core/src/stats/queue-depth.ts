import type { Context } from '../context.js';
import { ALL_AGENTS, keys } from '../redis/keys.js';

/** How many tasks are PENDING and how many are STARTED. O(1) per shard. */
export async function queueDepth(ctx: Context): Promise<{ pending: number; started: number }> {
  const batch = ctx.redis.pipeline();
  for (const shard of ctx.queues.keys()) {
    for (const status of ['PENDING', 'STARTED'] as const)
      batch.zcard(keys.taskIndex(shard, ALL_AGENTS, status));
  }
  const counts = ((await batch.exec()) ?? []).map(([error, count]) => {
    if (error) throw error;
    return count as number;
  });
  const sum = (from: number) =>
    counts.reduce((total, n, index) => (index % 2 === from ? total + n : total), 0);
  return { pending: sum(0), started: sum(1) };
}

/** Counters that only grow, by name, summed over all shards. */
export async function readTotals(ctx: Context): Promise<Record<string, number>> {
  const rows = await Promise.all(
    [...ctx.queues.keys()].map((shard) => ctx.redis.hgetall(keys.totals(shard))),
  );
  const totals: Record<string, number> = {};
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) totals[name] = (totals[name] ?? 0) + Number(value);
  }
  return totals;
}

/** Agents that have ever had a task, at most `most`. */
export async function agentsWithTasks(ctx: Context, most: number): Promise<string[]> {
  const sets = await Promise.all(
    [...ctx.queues.keys()].map((shard) => ctx.redis.smembers(keys.indexScopes(shard))),
  );
  return sets.flat().sort().reverse().slice(0, most);
}
