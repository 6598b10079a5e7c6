import { sleep } from '@agenthook/async';
import type { AttemptOutcome } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { countDeathScript } from './count-death.script.js';
import { failureFromLog } from './failure-from-log.js';
import { LockLost, readTaskLog } from './task-log.js';

/** A task in the hands of a worker, as a process of its own is told of it. */
export interface HeldTask {
  shard: number;
  id: string;
  /** The worker's lock on the job, which the worker renews. */
  token: string;
}

/** How a process ended that was given one task. */
export type AloneEnd =
  | { ended: 'outcome'; outcome: AttemptOutcome }
  /** The task was another worker's by then. */
  | { ended: 'lock_lost' }
  /** It never got to the task. */
  | { ended: 'not_started'; how: string }
  /** It died at the task. */
  | { ended: 'died'; how: string };

/** Runs one attempt at a task in a process of its own. An abort of `signal` ends it soon, for that signal's reason. */
export type RunAlone = (task: HeldTask, signal: AbortSignal) => Promise<AloneEnd>;

/** How often a task may take down the process that it has for itself. */
const MAX_DEATHS = 2;
/** How long after a process that could not start the next one is tried, in ms. */
const PAUSE_MS = 2_000;

const LOST = {
  code: 'worker_lost',
  message: 'The process that ran this task alone died twice; it was given up.',
} as const;
const STOPPED = { code: 'internal', message: 'The run was stopped.' } as const;

/**
 * Runs one attempt at a task that is suspected of killing workers, where it can kill nothing else. The second death of its
 * process is the task's end. Only what this worker sees is counted: where the worker itself dies, nobody knows why.
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
