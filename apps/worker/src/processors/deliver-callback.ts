import { type Context, type DeliverDeps, deliverCallback } from '@agenthook/core';
import type { Job } from 'bullmq';

/** The processor of the callback queue. It declares three parameters, as createTaskProcessor's does. */
export const createCallbackProcessor =
  (ctx: Context, deps: DeliverDeps) =>
  (job: Job<unknown>, token: string | undefined, signal: AbortSignal | undefined) =>
    deliverCallback(ctx, deps, job, token ?? '', signal ?? new AbortController().signal);
