import type { RunAgent } from '@agenthook/contracts';
import {
  type Context,
  type EndHandler,
  STOP_REASONS,
  startReconcilingLeases,
  startSettling,
  TASK_QUEUE,
  type TaskData,
  watchCancelled,
  workerOptions,
} from '@agenthook/core';
import { Worker } from 'bullmq';
import { createTaskProcessor } from './processors/run-task.js';
import { type RunningWorker, runWorkers } from './run-workers.js';

/** How long telling of the last ends may take when a worker stops, in ms. Others tell of what is left. */
const SETTLE_MS = 500;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms).unref());

/**
 * Starts one BullMQ worker per shard, each running up to `concurrency` tasks at once. `onEnd` is told of each task that
 * has ended, wherever it ran.
 */
export function buildWorker(
  ctx: Context,
  runAgent: RunAgent,
  concurrency: number,
  onEnd: EndHandler = async () => undefined,
): RunningWorker {
  const settler = startSettling(ctx, onEnd);
  const processor = createTaskProcessor(ctx, runAgent);
  const workers = ctx.queues.map((queue, shard) => {
    const options = workerOptions(ctx.redis, shard, concurrency, queue.opts.telemetry);
    const worker = new Worker<TaskData>(TASK_QUEUE, processor, options);
    worker.on('stalled', (id) => ctx.log.warn({ task_id: id }, 'a worker died; its task runs again'));
    for (const end of ['completed', 'failed'] as const) worker.on(end, settler.wake);
    return worker;
  });
  const running = runWorkers(ctx, workers);
  const endWatch = watchCancelled(ctx, (shard, id) => workers[shard]?.cancelJob(id, STOP_REASONS.cancelled));
  const endReconciling = startReconcilingLeases(ctx);
  return {
    stop: async (graceMs) => {
      endReconciling();
      await running.stop(graceMs);
      endWatch();
      await Promise.race([settler.stop(), sleep(SETTLE_MS)]);
    },
  };
}
