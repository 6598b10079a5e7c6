import { every } from '@agenthook/async';
import { agentExists } from '../agents/read-agent.js';
import type { Context } from '../context.js';
import { unknownAgent } from '../errors.js';
import { shardOfAgent } from '../queue/task-id.js';
import { keys, taskPrefix } from '../redis/keys.js';
import { roundOfSet } from '../redis/round.js';
import { releaseHeldScript } from './release-held.script.js';

/** How many tasks one script calls back at most. Redis does nothing else meanwhile. */
const CALLED_AT_ONCE = 500;
/** How often to look for tasks that wait for an agent that is no longer paused. */
const RECONCILE_MS = 2_000;

/** Ends an agent's pause, if it is paused. The events that came meanwhile run. Throws `unknown_agent`. */
export async function endPause(ctx: Context, agentId: string): Promise<void> {
  if (!(await agentExists(ctx, agentId))) throw unknownAgent(agentId);
  const shard = shardOfAgent(agentId, ctx.queues.length);
  await ctx.redis.del(keys.paused(shard, agentId));
  await releaseHeld(ctx, shard, agentId);
}

/** Calls back the tasks that wait for an agent, unless it is paused. */
async function releaseHeld(ctx: Context, shard: number, agentId: string): Promise<void> {
  const at = {
    paused: keys.paused(shard, agentId),
    held: keys.held(shard, agentId),
    holding: keys.holding(shard),
    delayed: keys.delayedJobs(shard),
    prioritized: keys.prioritizedJobs(shard),
    counter: keys.priorityCounter(shard),
    marker: keys.queueMarker(shard),
  };
  for (let before = 0; ; ) {
    const args = { agent: agentId, prefix: taskPrefix(shard), most: CALLED_AT_ONCE, before };
    const [called, more] = await releaseHeldScript(ctx.redis, at, args);
    if (more === 0) return;
    before += called;
  }
}

/**
 * Calls back tasks whose agent is no longer paused or no longer exists, because the process that ended the
 * pause may have died before it did. Returns a function that stops this.
 */
export function startReleasingHeld(ctx: Context): () => void {
  const rounds = [...ctx.queues.keys()].map((shard) => roundOfSet(ctx.redis, keys.holding(shard)));
  const reconcile = async () => {
    for (const [shard, round] of rounds.entries()) {
      for (const agentId of await round()) {
        if (!(await agentExists(ctx, agentId))) await ctx.redis.del(keys.paused(shard, agentId));
        await releaseHeld(ctx, shard, agentId);
      }
    }
  };
  return every(RECONCILE_MS, reconcile, (error) =>
    ctx.log.debug({ err: error }, 'looking for tasks of agents that were paused failed'),
  );
}
