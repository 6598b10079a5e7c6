import { randomUUID } from 'node:crypto';
import { every } from '@agenthook/async';
import type { ResumeInput } from '@agenthook/contracts';
import { agentExists } from '../agents/read-agent.js';
import type { Context } from '../context.js';
import { keys, taskPrefix } from '../redis/keys.js';
import { roundOfSet } from '../redis/round.js';
import { endPauseScript } from './end-pause.script.js';
import { placeOfPause } from './pause.js';
import { EVERYTHING, isModelPause, MODELS } from './pause-names.js';
import { releaseHeldScript } from './release-held.script.js';

/** How many tasks one script calls back at most. Redis does nothing else meanwhile. */
const CALLED_AT_ONCE = 500;
/** How often to look for tasks that were not called back. */
const RECONCILE_MS = 2_000;

/**
 * Ends a pause, if there is one; for an agent, also that by its breaker. The events that came meanwhile run.
 * Returns whether there was one. Throws `invalid_request`, `unknown_agent`.
 */
export async function resume(ctx: Context, target: ResumeInput): Promise<boolean> {
  const { name, shards } = await placeOfPause(ctx, target);
  let was = false;
  for (const shard of shards) {
    if (await release(ctx, shard, name, true)) was = true;
    await callBackAll(ctx, shard);
  }
  return was;
}

/** Lets the tasks of a pause be called back. Returns whether there was a pause. */
async function release(ctx: Context, shard: number, name: string, ends: boolean): Promise<boolean> {
  const id = randomUUID();
  const heldName = isModelPause(name) ? MODELS : name;
  const was = await endPauseScript(
    ctx.redis,
    {
      pauses: keys.pauses(shard),
      breaker: keys.paused(shard, name),
      held: keys.held(shard, heldName),
      holding: keys.holding(shard),
      released: keys.released(shard, id),
      releasing: keys.releasing(shard),
    },
    { name, heldName, id, ends },
  );
  return was === 1;
}

/** Calls back the tasks whose pause has ended. */
async function callBackAll(ctx: Context, shard: number): Promise<void> {
  for (const id of await ctx.redis.smembers(keys.releasing(shard))) await callBack(ctx, shard, id);
}

async function callBack(ctx: Context, shard: number, id: string): Promise<void> {
  const at = {
    released: keys.released(shard, id),
    releasing: keys.releasing(shard),
    delayed: keys.delayedJobs(shard),
    prioritized: keys.prioritizedJobs(shard),
    counter: keys.priorityCounter(shard),
    marker: keys.queueMarker(shard),
  };
  for (let before = 0; ; ) {
    const args = { group: id, prefix: taskPrefix(shard), most: CALLED_AT_ONCE, before };
    const [called, more] = await releaseHeldScript(ctx.redis, at, args);
    if (more === 0) return;
    before += called;
  }
}

/**
 * Calls back tasks whose pause has ended or whose agent no longer exists, because the process that ended the
 * pause may have died before it did. Returns a function that stops this.
 */
export function startReleasingHeld(ctx: Context): () => void {
  const rounds = [...ctx.queues.keys()].map((shard) => roundOfSet(ctx.redis, keys.holding(shard)));
  const reconcile = async () => {
    for (const [shard, round] of rounds.entries()) {
      for (const name of await round()) {
        if (name !== EVERYTHING && name !== MODELS)
          await release(ctx, shard, name, !(await agentExists(ctx, name)));
      }
      await callBackAll(ctx, shard);
    }
  };
  return every(RECONCILE_MS, reconcile, (error) =>
    ctx.log.debug({ err: error }, 'looking for tasks that waited for the end of a pause failed'),
  );
}
