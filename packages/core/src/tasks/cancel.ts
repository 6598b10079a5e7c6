import { sleep } from '@agenthook/async';
import type { LogEntry, TaskState } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { TELL_MS } from '../queue/job.js';
import { shardOf } from '../queue/task-id.js';
import { keys, shardPrefix, taskPrefix } from '../redis/keys.js';
import { cancelScript } from './cancel.script.js';
import { CANCELLED, failureFromLog } from './failure-from-log.js';
import { taskStatus, unknownTask } from './status.js';
import { readTaskLog } from './task-log.js';

/** How long a cancel waits for a worker to release its run, and how often it checks, in ms. */
const PATIENCE_MS = 2_000;
const LOOK_MS = 100;
/** How often a cancel starts again because the journal has grown meanwhile. */
const TRIES = 10;

async function tryCancel(ctx: Context, shard: number, taskId: string, log: readonly LogEntry[]) {
  return await cancelScript(
    ctx.redis,
    {
      job: keys.job(shard, taskId),
      lock: keys.jobLock(shard, taskId),
      log: keys.taskLog(shard, taskId),
      cancelling: keys.cancelling(shard),
    },
    {
      id: taskId,
      now: ctx.now(),
      failure: await ctx.seal.keepFailure(JSON.stringify(failureFromLog(log, CANCELLED))),
      seen: log.length,
      tellMs: TELL_MS,
      root: `${shardPrefix(shard)}:`,
      prefix: taskPrefix(shard),
    },
  );
}

/** Cancels a task once, like cancelTask, but does not wait for a worker: a running task is told to stop. */
export async function cancelOnce(ctx: Context, shard: number, taskId: string): Promise<void> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const outcome = await tryCancel(ctx, shard, taskId, await readTaskLog(ctx, shard, taskId));
    if (outcome !== 'changed') return;
  }
}

/**
 * Cancels a task for good: it neither runs nor retries. A waiting task has ended when this returns. A running
 * one is stopped and has usually ended too; if not, this returns its state after PATIENCE_MS. While it waits,
 * it tries again, so that a task that is put back meanwhile ends there.
 *
 * Throws `unknown_task`, and `task_finished` if the task ended in another way.
 */
export async function cancelTask(ctx: Context, taskId: string): Promise<TaskState> {
  const shard = shardOf(taskId, ctx.queues.length);
  if (shard === undefined) throw unknownTask();
  let log = await readTaskLog(ctx, shard, taskId);
  let marked = false;
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    const outcome = await tryCancel(ctx, shard, taskId, log);
    if (outcome === 'unknown')
      throw (await taskStatus(ctx, taskId)) ? new AppError('task_finished') : unknownTask();
    const ended = outcome === 'ended' || outcome === 'finished';
    if (ended || Date.now() > end) {
      const state = await taskStatus(ctx, taskId);
      if (!state) throw unknownTask();
      const byUs = outcome === 'ended' || (marked && isCancelledState(state));
      if (outcome === 'finished' && !byUs) {
        throw new AppError('task_finished');
      }
      return state;
    }
    if (outcome === 'changed') log = await readTaskLog(ctx, shard, taskId);
    if (outcome !== 'held') continue;
    marked = true;
    await sleep(LOOK_MS);
  }
}

export const isCancelledState = ({ result }: TaskState): boolean =>
  result !== null && 'error' in result && result.error.code === CANCELLED.code;
