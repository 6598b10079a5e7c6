import { CALLBACK_QUEUE, type Context, callbackWorkerOptions, type DeliverDeps } from '@agenthook/core';
import { Worker } from 'bullmq';
import { createCallbackProcessor } from './processors/deliver-callback.js';
import { type RunningWorker, runWorkers } from './run-workers.js';

/** How many deliveries of a shard run at once. Each holds a socket for at most 15 s. */
const CONCURRENCY = 20;

/** Starts one BullMQ worker per shard to deliver callbacks. */
export function buildCallbackWorker(ctx: Context, deps: DeliverDeps, lockSeconds?: number): RunningWorker {
  const processor = createCallbackProcessor(ctx, deps);
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
