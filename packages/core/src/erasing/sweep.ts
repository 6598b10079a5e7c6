import { sleep } from '@agenthook/async';
import { TASK_STATUSES } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { ALL_AGENTS, keys } from '../redis/keys.js';
import { endAsking } from '../tasks/asking/end-asking.js';
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
        await eraseEnded(ctx, shard, ids, { expires: true, keepsTurns: true });
        read = ids.length;
        if (read === REMOVED_AT_ONCE) await sleep(PAUSE_MS);
      }
    }
  }
}

const AT_ONCE = 1_000;
/** How many tasks of one set a sweep checks at most. */
const MOST = 20_000;
/** About how many agents a sweep checks for their deletion. */
const CHECKED_AGENTS = 100;

/** How long a sweep of the index keeps others from sweeping, in ms. A little less than their interval. */
const ALONE_MS = 50_000;

/** Where the last sweep stopped: how many tasks of a set it had skipped; its place in the list of agents. */
export type SweepPlaces = Map<string, number | string>;

/**
 * Removes the remains of tasks that BullMQ has evicted, as it does with those of an earlier version:
 * their place in the index, and their journal. Continues at `places`, and updates them. One process sweeps at
 * a time; a call while another one's turn lasts does nothing. If nothing has expired, it takes a few
 * commands, however many agents there are.
 *
 * @returns whether it swept
 */
export async function sweepIndex(ctx: Context, places: SweepPlaces): Promise<boolean> {
  const isAlone = await ctx.redis.set(keys.indexSweep, '1', 'PX', ALONE_MS, 'NX');
  if (isAlone === null) return false;
  for (const shard of ctx.queues.keys()) {
    for (const status of ['SUCCESS', 'FAILURE'] as const) await sweepStatus(ctx, shard, status, places);
    await forgetDeleted(ctx, shard, places);
  }
  return true;
}

/**
 * Ends tasks of deleted agents that wait for a decision, and removes those without tasks from the list of
 * agents that have an index: a part each time.
 */
async function forgetDeleted(ctx: Context, shard: number, places: SweepPlaces): Promise<void> {
  const list = keys.indexScopes(shard);
  const [next, agents] = await ctx.redis.sscan(
    list,
    String(places.get(list) ?? '0'),
    'COUNT',
    CHECKED_AGENTS,
  );
  places.set(list, next);
  const batch = ctx.redis.pipeline();
  for (const id of agents) batch.exists(keys.agent(id));
  const there = (await batch.exec()) ?? [];
  for (const id of agents.filter((_, index) => there[index]?.[1] === 0)) {
    if (id !== ALL_AGENTS) await endAsking(ctx, shard, id);
    const left = TASK_STATUSES.map((status) => keys.taskIndex(shard, id, status));
    if ((await ctx.redis.exists(...left)) === 0) await ctx.redis.srem(list, id);
  }
}

/** Every task is in the index of all agents, so only what is gone there is looked for in those of agents. */
async function sweepStatus(
  ctx: Context,
  shard: number,
  status: 'SUCCESS' | 'FAILURE',
  places: SweepPlaces,
): Promise<void> {
  const set = keys.taskIndex(shard, ALL_AGENTS, status);
  const until = ctx.now() - ctx.resultTtlSeconds * 1000;
  // A task that waited long before it ended may be older than the retention and still exist. Skips those.
  let kept = Number(places.get(set) ?? 0);
  places.delete(set);
  for (let seen = 0; seen < MOST; ) {
    const ids = await ctx.redis.zrangebyscore(set, '-inf', until, 'LIMIT', kept, AT_ONCE);
    if (ids.length === 0) return;
    const batch = ctx.redis.pipeline();
    for (const id of ids) batch.exists(keys.job(shard, id));
    const there = (await batch.exec()) ?? [];
    const gone = ids.filter((_, index) => there[index]?.[1] === 0);
    if (gone.length > 0) await removeGone(ctx, shard, status, gone);
    if (ids.length < AT_ONCE) return;
    kept += ids.length - gone.length;
    seen += ids.length;
  }
  places.set(set, kept);
}

/** Removes tasks that are gone. From the index of all agents last: another sweep may have to begin again. */
async function removeGone(ctx: Context, shard: number, status: 'SUCCESS' | 'FAILURE', gone: string[]) {
  for (let cursor = '0'; ; ) {
    const [next, agents] = await ctx.redis.sscan(keys.indexScopes(shard), cursor, 'COUNT', CHECKED_AGENTS);
    const batch = ctx.redis.pipeline();
    for (const id of agents) batch.zrem(keys.taskIndex(shard, id, status), ...gone);
    await batch.exec();
    if (next === '0') break;
    cursor = next;
  }
  await ctx.redis
    .pipeline()
    .unlink(...gone.map((id) => keys.taskLog(shard, id)))
    .zrem(keys.indexedIds(shard), ...gone)
    .zrem(keys.taskIndex(shard, ALL_AGENTS, status), ...gone)
    .exec();
}
