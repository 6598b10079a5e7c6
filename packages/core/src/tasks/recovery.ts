import { every } from '@agenthook/async';
import type { Job } from 'bullmq';
import type { Context } from '../context.js';
import type { TaskData } from '../queue/job.js';
import { keys, RECOVERY, type RecoveryKind } from '../redis/keys.js';
import { callRecoveringScript } from './call-recovering.script.js';
import { noteSurvivedScript } from './note-survived.script.js';
import { parkRecoveringScript } from './park-recovering.script.js';
import { parkingKeys } from './parking-keys.js';

/**
 * How many tasks that lost their worker one worker runs at once. Tasks that lost it once run along with
 * others, but only a few, so that few become suspect if one of them kills the next worker too. Tasks that
 * lost it again each run in their own process.
 */
const PLACES: Record<RecoveryKind, number> = { recovered: 8, alone: 2 };

/** How long a slow first step of a recovered task can delay others, in ms. */
const PROBATION_MS = 10_000;
/** How often a worker looks for tasks that were not called back, in ms. */
const LOOK_MS = 2_000;

/** Permission to run a task. */
export interface Place {
  alone: boolean;
  /** Call it once the run has finished a step: it has passed the one at which its worker died. */
  passed(): void;
  /** Call it when the run has ended. */
  leave(): void;
}

export interface Recovery {
  /**
   * A place for a task that a worker has taken. A task that never lost its worker gets one at once. Undefined
   * if all places for tasks that lost their worker are taken: the task was parked, occupies no worker slot,
   * and is called back when a place is free.
   */
  enter(job: Job<TaskData>, token: string, shard: number): Promise<Place | undefined>;
  stop(): void;
}

/**
 * BullMQ counts how often a job lost its worker. A finished step resets the count (task-log.ts), and a
 * surviving worker corrects it.
 */
const kindOf = ({ stalledCounter }: Job): RecoveryKind | undefined => {
  if (stalledCounter <= 0) return undefined;
  return stalledCounter === 1 ? 'recovered' : 'alone';
};

const FREE: Place = { alone: false, passed: () => {}, leave: () => {} };

/**
 * Reverts the count of a lost worker that is still alive and only lost the lock, because Redis was
 * unavailable or the process hung. Call it once for each lock, even before BullMQ has noticed, which then
 * counts from -1.
 */
export async function noteSurvived(ctx: Context, shard: number, taskId: string): Promise<void> {
  await noteSurvivedScript(ctx.redis, { job: keys.job(shard, taskId) });
}

/** Gives places to tasks that lost their worker, for one worker process. */
export function startRecovery(ctx: Context): Recovery {
  const free = { ...PLACES };
  let stopped = false;

  const call = async (kind: RecoveryKind, many: number): Promise<void> => {
    if (stopped || many <= 0) return;
    for (const shard of ctx.queues.keys()) {
      const redisKeys = {
        parked: keys.recovering(shard, kind),
        delayed: keys.delayedJobs(shard),
        wait: keys.waitingJobs(shard),
        marker: keys.queueMarker(shard),
      };
      await callRecoveringScript(ctx.redis, redisKeys, { many });
    }
  };
  const look = async () => {
    for (const kind of Object.keys(RECOVERY) as RecoveryKind[]) await call(kind, free[kind]);
  };
  const endLooking = every(LOOK_MS, look, (error) =>
    ctx.log.debug({ err: error }, 'looking for tasks to recover failed'),
  );

  const take = (kind: RecoveryKind): Place => {
    free[kind]--;
    let taken = true;
    const giveBack = () => {
      if (!taken) return;
      taken = false;
      clearTimeout(probation);
      free[kind]++;
      call(kind, 1).catch((error) => ctx.log.debug({ err: error }, 'calling a task back failed'));
    };
    const alone = kind === 'alone';
    const probation = alone ? undefined : setTimeout(giveBack, PROBATION_MS).unref();
    return { alone, passed: alone ? () => {} : giveBack, leave: giveBack };
  };

  return {
    enter: async (job, token, shard) => {
      const kind = kindOf(job);
      if (kind === undefined) return FREE;
      if (free[kind] > 0) return take(kind);
      const id = job.id ?? '';
      await parkRecoveringScript(
        ctx.redis,
        {
          ...parkingKeys(shard, id),
          parked: keys.recovering(shard, kind),
        },
        { id, token, created: job.timestamp },
      );
      // A place that was freed meanwhile had no task to call.
      await call(kind, Math.min(free[kind], 1));
      return undefined;
    },
    stop: () => {
      stopped = true;
      endLooking();
    },
  };
}
