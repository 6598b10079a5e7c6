import {
  CALLBACK_QUEUE,
  type Context,
  callbackWorkerOptions,
  type DeliverDeps,
  deliverCallback,
} from '@agenthook/core';
import { type Job, Worker } from 'bullmq';
import { type RunningWorker, runWorkers } from './run-workers.js';

/** How many deliveries of a shard run at once. Each holds a socket for at most 15 s. */
const CONCURRENCY = 20;

/** Starts one BullMQ worker per shard to deliver callbacks. */
export function buildCallbackWorker(ctx: Context, deps: DeliverDeps, lockSeconds?: number): RunningWorker {
  // BullMQ passes the AbortSignal only to a function with three parameters, none of which has a default
  // value.
  const processor = (job: Job<unknown>, token: string | undefined, signal: AbortSignal | undefined) =>
    deliverCallback(ctx, deps, job, token ?? '', signal ?? new AbortController().signal);
  const workers = ctx.callbacks.map(
    (_queue, shard) =>
      new Worker<unknown>(
        CALLBACK_QUEUE,
        processor,
        callbackWorkerOptions(ctx.redis, shard, CONCURRENCY, lockSeconds),
      ),
  );
  return runWorkers(ctx, workers);
}
