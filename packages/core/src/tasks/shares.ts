import { every } from '@agenthook/async';
import type { WaitReason } from '@agenthook/contracts';
import { DelayedError, type Job } from 'bullmq';
import type { Context } from '../context.js';
import type { TaskData } from '../queue/job.js';
import { shardOf } from '../queue/task-id.js';
import { keys } from '../redis/keys.js';
import { callCrowdedScript } from './call-crowded.script.js';
import { parkCrowdedScript } from './park-crowded.script.js';
import { openRunLog } from './run-log.js';

/**
 * How many free slots an agent leaves for each of its own: with one in five, a busy agent has at most four
 * fifths of all slots, two have four ninths each, and some are always free.
 * https://doi.org/10.1109/90.664262
 */
const PER_FREE_SLOT = 4;
/** How often to look for tasks whose worker died before it called them back, and how many at once. */
const LOOK_MS = 1_000;
const CALLED_AT_ONCE = 5;

/** The slots of one worker process. */
export interface Slots {
  /** All slots. Fewer than five are not shared. */
  total: number;
  /** Slots that are taken. */
  taken(): number;
  /** Slots that an agent's tasks have taken. */
  takenBy(agentId: string): number;
}

/** Slots beyond `concurrency`, so that one agent alone can still have that many. */
export const sharedSlots = (concurrency: number): number => concurrency + Math.floor(concurrency / 4);

/** The slots that an agent may have are those that it has. */
const noSlot = (taken: number): WaitReason => ({ kind: 'no_free_slot', taken, slots: taken });

export interface Shares {
  /** Lets a task keep the slot that it has just taken, or parks it and throws DelayedError. */
  admit(job: Job<TaskData>, token: string): Promise<void>;
  /** A task has given its slot back. */
  left(): void;
  stop(): void;
}

/**
 * Bounds how many slots of this worker one agent has, so that long runs of a busy agent do not keep others
 * waiting. The bound shrinks with the free slots: an agent has at most four for each that is free.
 */
export function startShares(ctx: Context, slots: Slots): Shares {
  /** Whether tasks may wait. */
  let isCrowded = true;
  const call = async (many: number) => {
    let called = 0;
    for (const shard of ctx.queues.keys()) {
      if (called >= many) return;
      called += await callCrowdedScript(
        ctx.redis,
        {
          crowded: keys.crowded(shard),
          delayed: keys.delayedJobs(shard),
          wait: keys.waitingJobs(shard),
          marker: keys.queueMarker(shard),
        },
        { many: many - called },
      );
    }
    if (called < many) isCrowded = false;
  };
  const onError = (error: unknown) => ctx.log.debug({ err: error }, 'calling back crowded tasks failed');
  const look = () => call(Math.min(CALLED_AT_ONCE, slots.total - slots.taken()));
  const endLooking = every(LOOK_MS, look, onError);

  return {
    admit: async (job, token) => {
      const own = slots.takenBy(job.data.agent_id);
      const free = slots.total - slots.taken();
      if (slots.total < 5 || own <= Math.max(1, PER_FREE_SLOT * free)) return;
      const id = job.id ?? '';
      const shard = shardOf(id, ctx.queues.length) ?? 0;
      await parkCrowdedScript(
        ctx.redis,
        {
          job: keys.job(shard, id),
          lock: keys.jobLock(shard, id),
          active: keys.activeJobs(shard),
          stalled: keys.stalledJobs(shard),
          delayed: keys.delayedJobs(shard),
          crowded: keys.crowded(shard),
        },
        { id, token, wait: JSON.stringify(noSlot(own - 1)) },
      );
      isCrowded = true;
      openRunLog(ctx, job).parked('share_of_slots');
      throw new DelayedError();
    },
    left: () => {
      if (isCrowded) call(1).catch(onError);
    },
    stop: endLooking,
  };
}
