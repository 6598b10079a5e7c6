import type { ReplayBody } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { REPLAYS_FIELD } from '../queue/job.js';
import { beginningOf, journalBefore, stepsIn } from './copied-journal.js';
import { type MadeTask, readOrigin, taskAgain } from './task-again.js';
import { readTaskLog } from './task-log.js';

/**
 * Creates a new task from another task's event, whether or not that task has ended. It runs the agent's
 * current version or the other task's version. With `from_step`, the steps before it are copied and not taken
 * again.
 *
 * Throws `unknown_task`, `invalid_request` if there is no such step, and what taskAgain throws.
 *
 * @param again what makes one task of several tries: the new task's id, or an Idempotency-Key
 */
export async function replayTask(
  ctx: Context,
  taskId: string,
  { version = 'current', from_step }: ReplayBody,
  { idOf, key }: { idOf?: (agentId: string) => Promise<string>; key?: string | undefined } = {},
): Promise<MadeTask> {
  const origin = await readOrigin(ctx, taskId);
  const once = key === undefined ? undefined : { key, call: ['replay', taskId, version, from_step ?? null] };
  const common = { version, trigger: 'replay' as const, listedIn: REPLAYS_FIELD, idOf, once };
  if (from_step === undefined)
    return await taskAgain(ctx, origin, { ...common, data: { replay_of: taskId } });
  const log = await readTaskLog(ctx, origin.shard, taskId);
  const journal = journalBefore(log, from_step);
  if (!journal) throw noSuchStep(from_step, stepsIn(log));
  return await taskAgain(ctx, origin, {
    ...common,
    data: { replay_of: taskId, from_step, ...beginningOf(origin, journal) },
    journal,
  });
}

function noSuchStep(step: number, count: number): AppError {
  const steps = count === 0 ? 'the task has none yet' : `the task has ${count}`;
  return new AppError('invalid_request', `There is no step ${step} to replay from: ${steps}.`, {
    issues: [{ path: '/from_step', message: `must be a step of the task; ${steps}` }],
  });
}
