import { every } from '@agenthook/async';
import { readStanding } from '../budget/standing.js';
import type { Context } from '../context.js';
import { keys, taskPrefix } from '../redis/keys.js';
import { roundOfSet } from '../redis/round.js';
import { releaseUnfundedScript } from './release-unfunded.script.js';

/** How many tasks of an agent are called back at once. The others wait if the budget is used up again. */
const CALLED_AT_ONCE = 50;
const LOOK_MS = 2_000;

/**
 * Calls back tasks that wait for a budget once it allows more: it was raised or removed, or its day or month
 * has ended. Returns a function that stops this.
 */
export function startReleasingUnfunded(ctx: Context): () => void {
  const rounds = [...ctx.queues.keys()].map((shard) => roundOfSet(ctx.redis, keys.unfundedAgents(shard)));
  const look = async () => {
    for (const [shard, round] of rounds.entries()) {
      for (const agentId of await round()) {
        const { refusal } = await readStanding(ctx, agentId);
        if (!refusal) await release(ctx, shard, agentId);
      }
    }
  };
  return every(LOOK_MS, look, (error) =>
    ctx.log.debug({ err: error }, 'looking for tasks that wait for a budget failed'),
  );
}

async function release(ctx: Context, shard: number, agentId: string): Promise<void> {
  await releaseUnfundedScript(
    ctx.redis,
    {
      unfunded: keys.unfunded(shard, agentId),
      agents: keys.unfundedAgents(shard),
      delayed: keys.delayedJobs(shard),
      prioritized: keys.prioritizedJobs(shard),
      counter: keys.priorityCounter(shard),
      marker: keys.queueMarker(shard),
    },
    { agent: agentId, prefix: taskPrefix(shard), most: CALLED_AT_ONCE },
  );
}
