import type { Context } from '../context.js';
import { dayOf } from '../queue/hour.js';
import { keys } from '../redis/keys.js';
import { scopesOf } from './scopes.js';

/** How many tasks of these agents, or of all, are PENDING and how many STARTED. O(1) per agent or shard. */
export async function queueDepth(
  ctx: Context,
  agentIds?: readonly string[],
): Promise<{ pending: number; started: number }> {
  const batch = ctx.redis.pipeline();
  for (const { shard, scope } of scopesOf(ctx, agentIds)) {
    for (const status of ['PENDING', 'STARTED'] as const) batch.zcard(keys.taskIndex(shard, scope, status));
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

/**
 * The agents that got the most events on the days of a span, the busiest first; then others that have ever
 * had one, newest first. At most `most`.
 */
export async function busiestAgents(
  ctx: Context,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  most: number,
): Promise<string[]> {
  const events = new Map<string, number>();
  for (const shard of ctx.queues.keys()) {
    for (let day = dayOf(fromMs); day <= dayOf(toMs - 1); day++) {
      const rows = await ctx.redis.zrevrange(keys.busyAgents(shard, day), 0, most - 1, 'WITHSCORES');
      for (let n = 0; n < rows.length; n += 2) {
        const id = rows[n] ?? '';
        events.set(id, (events.get(id) ?? 0) + Number(rows[n + 1]));
      }
    }
  }
  const busy = [...events].sort(([, a], [, b]) => b - a).map(([id]) => id);
  if (busy.length >= most) return busy.slice(0, most);
  const sets = await Promise.all(
    [...ctx.queues.keys()].map((shard) => ctx.redis.smembers(keys.indexScopes(shard))),
  );
  return [...new Set([...busy, ...sets.flat().sort().reverse()])].slice(0, most);
}
