import { sleep } from '@agenthook/async';
import { TASK_STATUSES } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { ALL_AGENTS, keys } from '../redis/keys.js';
import { eraseEnded } from './erase.js';

/** How many tasks are removed at once. */
const REMOVED_AT_ONCE = 200;

/** The pause between two steps that remove many tasks, in ms. Others use Redis meanwhile. */
const PAUSE_MS = 20;

/**
 * Removes all finished tasks older than the retention, with everything that is stored of them, step by step.
 * BullMQ could evict them too, but it knows nothing of a task's journal, keys and index.
 */
export async function sweepFinished(ctx: Context): Promise<void> {
  const until = ctx.now() - ctx.resultTtlSeconds * 1000;
  for (const shard of ctx.queues.keys()) {
    for (const set of [keys.completedJobs(shard), keys.failedJobs(shard)]) {
      for (let read = REMOVED_AT_ONCE; read === REMOVED_AT_ONCE; ) {
        const ids = await ctx.redis.zrangebyscore(set, '-inf', until, 'LIMIT', 0, REMOVED_AT_ONCE);
        await eraseEnded(ctx, shard, ids, { expires: true });
        read = ids.length;
        if (read === REMOVED_AT_ONCE) await sleep(PAUSE_MS);
      }
    }
  }
}

const AT_ONCE = 1_000;
/** How many tasks of one set a sweep checks at most. */
const MOST = 20_000;

/** In which sets of the index a sweep did not reach the end, and how many tasks it had skipped there. */
export type SweepPlaces = Map<string, number>;

/**
 * Removes the remains of tasks that BullMQ has evicted, as it does with those that an earlier version stored:
 * their place in the index, and their journal. Continues at `places`, and updates them.
 */
export async function sweepIndex(ctx: Context, places: SweepPlaces): Promise<void> {
  for (const shard of ctx.queues.keys()) {
    const agents = await ctx.redis.smembers(keys.indexScopes(shard));
    for (const scope of [ALL_AGENTS, ...agents]) {
      for (const status of ['SUCCESS', 'FAILURE'] as const)
        await sweepSet(ctx, shard, keys.taskIndex(shard, scope, status), places);
    }
    await forgetDeleted(ctx, shard, agents);
  }
}

/** Removes deleted agents without tasks from the list of agents that have an index. */
async function forgetDeleted(ctx: Context, shard: number, agents: readonly string[]): Promise<void> {
  const batch = ctx.redis.pipeline();
  for (const id of agents) batch.exists(keys.agent(id));
  const there = (await batch.exec()) ?? [];
  for (const id of agents.filter((_, index) => there[index]?.[1] === 0)) {
    const left = TASK_STATUSES.map((status) => keys.taskIndex(shard, id, status));
    if ((await ctx.redis.exists(...left)) === 0) await ctx.redis.srem(keys.indexScopes(shard), id);
  }
}

async function sweepSet(ctx: Context, shard: number, set: string, places: SweepPlaces): Promise<void> {
  const until = ctx.now() - ctx.resultTtlSeconds * 1000;
  // A task that waited long before it ended may be older than the retention and still exist. Skips those.
  let kept = places.get(set) ?? 0;
  places.delete(set);
  for (let seen = 0; seen < MOST; ) {
    const ids = await ctx.redis.zrangebyscore(set, '-inf', until, 'LIMIT', kept, AT_ONCE);
    if (ids.length === 0) return;
    const batch = ctx.redis.pipeline();
    for (const id of ids) batch.exists(keys.job(shard, id));
    const there = (await batch.exec()) ?? [];
    const gone = ids.filter((_, index) => there[index]?.[1] === 0);
    if (gone.length > 0)
      await ctx.redis
        .pipeline()
        .zrem(set, ...gone)
        .zrem(keys.indexedIds(shard), ...gone)
        .unlink(...gone.map((id) => keys.taskLog(shard, id)))
        .exec();
    if (ids.length < AT_ONCE) return;
    kept += ids.length - gone.length;
    seen += ids.length;
  }
  places.set(set, kept);
}
