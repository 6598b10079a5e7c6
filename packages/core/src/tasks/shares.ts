import { every } from '@agenthook/async';
import type { WaitReason } from '@agenthook/contracts';
import { DelayedError, type Job } from 'bullmq';
import type { Context } from '../context.js';
import type { TaskData } from '../queue/job.js';
import { shardOf } from '../queue/task-id.js';
import { inBatches } from '../redis/in-batches.js';
import { keys } from '../redis/keys.js';
import { callCrowdedScript } from './call-crowded.script.js';
import { parkCrowdedScript } from './park-crowded.script.js';
import { parkingKeys } from './parking-keys.js';
import { openRunLog } from './run-log.js';

/**
 * How many free slots an agent leaves for each of its own: with one in five, a busy agent has at most four
 * fifths of all slots, two have four ninths each, and some are always free.
 * https://doi.org/10.1109/90.664262
 */
const PER_FREE_SLOT = 4;
/**
 * How often one of the tasks that wait here is parked, in ms, which frees a slot for other agents. Parked at
 * once, each task of a long backlog would be taken twice.
 */
const PARK_MS = 5;
/** How often to look for tasks whose worker died before it called them back, and how many at once. */
const LOOK_MS = 1_000;
const CALLED_AT_ONCE = 5;

/** Slots beyond `concurrency`, so that one agent alone can still have that many. */
export const sharedSlots = (concurrency: number): number => concurrency + Math.floor(concurrency / 4);

/** The slots that an agent may have are those that it has. */
const noSlot = (taken: number): WaitReason => ({ kind: 'no_free_slot', taken, slots: taken });

export interface Shares {
  /**
   * Does the work of a task as soon as its agent may have one more slot. If that takes too long, parks the
   * task and throws DelayedError.
   */
  inShare<T>(job: Job<TaskData>, token: string, work: () => Promise<T>): Promise<T>;
  stop(): void;
}

/** A task that has a slot, and waits until its agent may have it. */
interface Waiting {
  agentId: string;
  /** Ends the wait: the task runs, or is parked. */
  end(runs: boolean): void;
}

/**
 * Bounds how many slots of this worker one agent has, so that long runs of a busy agent do not keep others
 * waiting. The bound shrinks with the free slots: an agent has at most four for each that is free.
 *
 * @param total all slots of the worker. Fewer than five are not shared.
 */
export function startShares(ctx: Context, total: number): Shares {
  let taken = 0;
  const takenBy = new Map<string, number>();
  /** In the order of their arrival. */
  const waiting = new Set<Waiting>();
  let parksSoon = false;
  /** Whether parked tasks may wait. */
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
  /** Calls one task for each slot that was given back in this turn of the event loop. */
  const callOne = inBatches(
    async (slots: null[]) => {
      await call(slots.length);
      return slots;
    },
    { items: total },
  );
  const onError = (error: unknown) => ctx.log.debug({ err: error }, 'calling back crowded tasks failed');
  const look = () => call(Math.min(CALLED_AT_ONCE, total - taken - waiting.size));
  const endLooking = every(LOOK_MS, look, onError);

  const take = (agentId: string): boolean => {
    const own = (takenBy.get(agentId) ?? 0) + 1;
    const free = total - taken - 1;
    if (total >= 5 && own > Math.max(1, PER_FREE_SLOT * free)) return false;
    taken += 1;
    takenBy.set(agentId, own);
    return true;
  };
  const leave = (agentId: string): void => {
    taken -= 1;
    const own = (takenBy.get(agentId) ?? 0) - 1;
    if (own > 0) takenBy.set(agentId, own);
    else takenBy.delete(agentId);
    for (const task of waiting) if (take(task.agentId)) task.end(true);
    if (isCrowded) callOne(null).catch(onError);
  };
  const parkFirst = (): void => {
    parksSoon = false;
    const [first] = waiting;
    first?.end(false);
    parkLater();
  };
  const parkLater = (): void => {
    if (waiting.size === 0 || parksSoon) return;
    parksSoon = true;
    setTimeout(parkFirst, PARK_MS);
  };
  /** Resolves with whether the task may run; then it has taken a slot. */
  const wait = (agentId: string): Promise<boolean> =>
    new Promise((resolve) => {
      const task: Waiting = {
        agentId,
        end: (runs) => {
          waiting.delete(task);
          resolve(runs);
        },
      };
      waiting.add(task);
      parkLater();
    });
  const park = async (job: Job<TaskData>, token: string): Promise<void> => {
    const id = job.id ?? '';
    const shard = shardOf(id, ctx.queues.length) ?? 0;
    await parkCrowdedScript(
      ctx.redis,
      {
        ...parkingKeys(shard, id),
        crowded: keys.crowded(shard),
      },
      { id, token, wait: JSON.stringify(noSlot(takenBy.get(job.data.agent_id) ?? 0)) },
    );
    isCrowded = true;
    openRunLog(ctx, job).parked('share_of_slots');
  };

  return {
    inShare: async (job, token, work) => {
      const { agent_id } = job.data;
      if (!take(agent_id) && !(await wait(agent_id))) {
        await park(job, token);
        throw new DelayedError();
      }
      try {
        return await work();
      } finally {
        leave(agent_id);
      }
    },
    stop: endLooking,
  };
}
