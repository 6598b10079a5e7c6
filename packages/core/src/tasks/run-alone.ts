import { sleep } from '@agenthook/async';
import type { AttemptOutcome } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { countDeathScript } from './count-death.script.js';
import { failureFromLog } from './failure-from-log.js';
import { LockLost, readTaskLog } from './task-log.js';

/** A task that a worker holds, as its own process receives it. */
export interface HeldTask {
  shard: number;
  id: string;
  /** The worker's lock token. The worker renews the lock. */
  token: string;
}

/** How a process for a single task ended. */
export type AloneEnd =
  | { ended: 'outcome'; outcome: AttemptOutcome }
  /** Another worker held the task by then. */
  | { ended: 'lock_lost' }
  /** The process never reached the task. */
  | { ended: 'not_started'; how: string }
  /** The process died while it ran the task. */
  | { ended: 'died'; how: string };

/**
 * Runs one attempt at a task in its own process. Aborting `signal` ends the process soon, for the signal's
 * reason.
 */
export type RunAlone = (task: HeldTask, signal: AbortSignal) => Promise<AloneEnd>;

/** How often a task may kill its own process. */
const MAX_DEATHS = 2;
/** How long to wait before another try if a process could not start, in ms. */
const PAUSE_MS = 2_000;

const LOST = {
  code: 'worker_lost',
  message: 'The process that ran this task alone died twice; it was given up.',
} as const;
const STOPPED = { code: 'internal', message: 'The run was stopped.' } as const;

/**
 * Runs one attempt at a task that may kill workers, where it can kill nothing else. The second death of its
 * process ends the task. Only deaths that this worker sees count: if the worker itself dies, the cause is
 * unknown.
 *
 * Throws LockLost.
 */
export async function attemptAlone(
  ctx: Context,
  runAlone: RunAlone,
  task: HeldTask,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  const { shard, id, token } = task;
  const failed = async (error: Parameters<typeof failureFromLog>[1]): Promise<AttemptOutcome> => {
    const log = await readTaskLog(ctx, shard, id);
    return { outcome: 'failed', failure: failureFromLog(log, error), retryable: false };
  };
  while (!signal.aborted) {
    const end = await runAlone(task, signal);
    if (end.ended === 'outcome') return end.outcome;
    if (end.ended === 'lock_lost') throw new LockLost(`task ${id} is another worker's`);
    if (signal.aborted) break;
    if (end.ended === 'not_started') {
      ctx.log.warn({ task_id: id, how: end.how }, 'a process for one task did not start; trying again');
      await sleep(PAUSE_MS, { signal }).catch(() => undefined);
      continue;
    }
    const redisKeys = { job: keys.job(shard, id), lock: keys.jobLock(shard, id) };
    const deaths = await countDeathScript(ctx.redis, redisKeys, { token });
    if (deaths < 0) throw new LockLost(`task ${id} is another worker's`);
    ctx.log.error({ task_id: id, how: end.how, deaths }, 'a task took down the process that it ran in alone');
    if (deaths >= MAX_DEATHS) return await failed(LOST);
  }
  return await failed(STOPPED);
}
