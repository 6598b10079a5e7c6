import type { Context } from '../context.js';
import type { RedisClient } from '../redis/connect.js';
import { keys } from '../redis/keys.js';
import { type RefusedTask, refusedTasks, splitRefused } from './refused-tasks.js';

/** How many of the oldest tasks are looked at for one that was not refused. */
const OLDEST = 100;

export interface ArchiveBacklog {
  /** How many finished tasks should be in the archive, and are not: those that were refused left out. */
  tasks: number;
  /** When the first of them ended, in ms; undefined if there is none. */
  oldestMs: number | undefined;
  /** How many tasks the archive has refused, and one of them. */
  refused: number;
  example: RefusedTask | undefined;
}

/** What waits for the archive, and what it refused. */
export async function archiveBacklog(ctx: Context): Promise<ArchiveBacklog> {
  if (!ctx.archive) return { tasks: 0, oldestMs: undefined, refused: 0, example: undefined };
  const until = ctx.now() - ctx.archive.afterMs;
  const shards = [...ctx.queues.keys()];
  const { count: refused, example } = await refusedTasks(ctx.redis, shards);
  let [due, oldestMs] = [0, Number.POSITIVE_INFINITY];
  for (const shard of shards) {
    due += await countEnded(ctx.redis, shard, until);
    for (const set of [keys.completedJobs(shard), keys.failedJobs(shard)]) {
      const rows = await ctx.redis.zrange(set, '0', String(refused > 0 ? OLDEST - 1 : 0), 'WITHSCORES');
      const ids = rows.filter((_, n) => n % 2 === 0);
      const { waiting } = await splitRefused(ctx, shard, refused > 0 ? ids : []);
      const at = ids.findIndex((id) => !waiting.has(id));
      const endedMs = Number(rows[2 * at + 1] ?? Number.POSITIVE_INFINITY);
      if (endedMs <= until) oldestMs = Math.min(oldestMs, endedMs);
    }
  }
  return {
    tasks: Math.max(0, due - refused),
    oldestMs: Number.isFinite(oldestMs) ? oldestMs : undefined,
    refused,
    example,
  };
}

/** How many finished tasks of a shard Redis has that ended before a time, in ms. */
export async function countEnded(redis: RedisClient, shard: number, untilMs: number): Promise<number> {
  const sets = [keys.completedJobs(shard), keys.failedJobs(shard)];
  const counts = await Promise.all(sets.map((set) => redis.zcount(set, '-inf', untilMs)));
  return counts.reduce((sum, count) => sum + count, 0);
}
