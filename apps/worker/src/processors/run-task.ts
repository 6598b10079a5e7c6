import {
  type Context,
  createProviderGates,
  createVersionCache,
  type RunDeps,
  runTask,
  type TaskData,
} from '@agenthook/core';
import type { Job } from 'bullmq';

/**
 * The processor of the task queue. BullMQ passes the AbortSignal only to a function whose `length` is three,
 * so no parameter may have a default value.
 *
 * @param onEnd called when the processing of a job ends, including when it is put back
 */
export function createTaskProcessor(
  ctx: Context,
  given: Pick<RunDeps, 'runAgent' | 'recovery' | 'runAlone'>,
  onEnd: (job: Job<TaskData>) => void,
) {
  const deps: RunDeps = { ...given, versions: createVersionCache(ctx), gates: createProviderGates() };
  return async (job: Job<TaskData>, token: string | undefined, signal: AbortSignal | undefined) => {
    try {
      return await runTask(ctx, deps, job, token ?? '', signal ?? new AbortController().signal);
    } finally {
      onEnd(job);
    }
  };
}
