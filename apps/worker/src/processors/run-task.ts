import type { RunAgent } from '@agenthook/contracts';
import { type Context, createVersionCache, runTask, type TaskData } from '@agenthook/core';
import type { Job } from 'bullmq';

/**
 * The processor of the task queue. It declares three parameters because BullMQ gives the AbortSignal only to one that
 * does.
 */
export function createTaskProcessor(ctx: Context, runAgent: RunAgent) {
  const deps = { runAgent, versions: createVersionCache(ctx) };
  return (job: Job<TaskData>, token = '', signal: AbortSignal | undefined) =>
    runTask(ctx, deps, job, token, signal ?? new AbortController().signal);
}
