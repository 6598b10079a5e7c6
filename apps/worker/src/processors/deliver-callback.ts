import { type Context, type DeliverDeps, deliverCallback } from '@agenthook/core';
import type { Job } from 'bullmq';

/** The processor of the queue of callbacks; of three parameters, as createTaskProcessor's. */
export const createCallbackProcessor =
  (ctx: Context, deps: DeliverDeps) =>
  (job: Job<unknown>, token: string | undefined, signal: AbortSignal | undefined) =>
    deliverCallback(ctx, deps, job, token ?? '', signal ?? new AbortController().signal);
