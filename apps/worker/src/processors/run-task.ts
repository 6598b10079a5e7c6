import type { RunAgent } from '@agenthook/contracts';
import {
  type Context,
  createProviderGates,
  createVersionCache,
  runTask,
  type TaskData,
} from '@agenthook/core';
import type { Job } from 'bullmq';

/**
 * The processor of the task queue. BullMQ gives the AbortSignal only to a function whose `length` is three, so none of
 * its parameters may have a default value.
 */
export function createTaskProcessor(ctx: Context, runAgent: RunAgent) {
  const deps = { runAgent, versions: createVersionCache(ctx), gates: createProviderGates() };
  return (job: Job<TaskData>, token: string | undefined, signal: AbortSignal | undefined) =>
    runTask(ctx, deps, job, token ?? '', signal ?? new AbortController().signal);
}
