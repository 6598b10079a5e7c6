import type { Context } from '../../context.js';
import { ASKS_FIELD } from '../../queue/job.js';
import { keys, shardPrefix, taskPrefix } from '../../redis/keys.js';
import { isRedisUnavailable } from '../../redis/unavailable.js';
import { failureFromLog } from '../failure-from-log.js';
import { readTaskLog } from '../task-log.js';
import { endAskingScript } from './end-asking.script.js';

/** How many tasks are looked at in one round trip. */
const AT_ONCE = 200;
/** How many of their journals are in memory at the same time. */
const ENDED_AT_ONCE = 10;
/** How often one starts again because its journal has grown meanwhile. */
const TRIES = 5;

export const AGENT_DELETED = {
  code: 'agent_unavailable',
  message: 'The agent was deleted while this task waited.',
} as const;

/**
 * Ends the tasks of a deleted agent that wait for a decision, an answer, a callback or another agent. Leaves
 * those that a worker holds, and those whose journal cannot be read. Returns how many it has ended.
 *
 * @param most how many it ends at most
 */
export async function endAsking(
  ctx: Context,
  shard: number,
  agentId: string,
  most = Number.POSITIVE_INFINITY,
): Promise<number> {
  const started = keys.taskIndex(shard, agentId, 'STARTED');
  let ended = 0;
  // Those that end leave the index.
  for (let skipped = 0; ; ) {
    const page = Math.min(AT_ONCE, most - ended);
    const ids = await ctx.redis.zrange(started, String(skipped), String(skipped + page - 1));
    const batch = ctx.redis.pipeline();
    for (const id of ids) batch.hexists(keys.job(shard, id), ASKS_FIELD);
    const isAsking = (await batch.exec()) ?? [];
    const asking = ids.filter((_, n) => isAsking[n]?.[1] === 1);
    let count = 0;
    for (let from = 0; from < asking.length; from += ENDED_AT_ONCE) {
      const some = asking.slice(from, from + ENDED_AT_ONCE);
      const ends = await Promise.all(some.map((id) => endOne(ctx, shard, id).catch(leave(ctx, id))));
      count += ends.filter(Boolean).length;
    }
    ended += count;
    skipped += ids.length - count;
    if (ids.length < page || ended >= most) return ended;
  }
}

/** Leaves a damaged task where it is: its ask expires, and the worker that then takes it ends it. */
const leave = (ctx: Context, id: string) => (error: unknown) => {
  if (isRedisUnavailable(error)) throw error;
  ctx.log.warn({ err: error, task_id: id }, 'a task of a deleted agent could not be ended yet');
  return false;
};

async function endOne(ctx: Context, shard: number, id: string): Promise<boolean> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const log = await readTaskLog(ctx, shard, id);
    const outcome = await endAskingScript(
      ctx.redis,
      { job: keys.job(shard, id), lock: keys.jobLock(shard, id), log: keys.taskLog(shard, id) },
      {
        id,
        now: ctx.now(),
        failure: await ctx.seal.keepFailure(JSON.stringify(failureFromLog(log, AGENT_DELETED))),
        seen: log.length,
        root: `${shardPrefix(shard)}:`,
        prefix: taskPrefix(shard),
      },
    );
    if (outcome !== 'changed') return outcome === 'ended';
  }
  return false;
}
