import type { RunAgent } from '@agenthook/contracts';
import {
  type Context,
  type EndHandler,
  STOP_REASONS,
  startSettling,
  TASK_QUEUE,
  type TaskData,
  watchCancelled,
  workerOptions,
} from '@agenthook/core';
import { Worker } from 'bullmq';
import { createTaskProcessor } from './processors/run-task.js';

/** How long handing jobs back may take when the grace time is over, in ms. */
const HAND_BACK_MS = 2_000;

/** How long telling of the last ends may take when a worker stops, in ms. Others tell of what is left. */
const SETTLE_MS = 500;

export interface RunningWorker {
  /**
   * Takes no more tasks, lets those that run finish for `graceMs`, then hands the rest back to the queue, where another
   * worker has them at once. Ends by that deadline, whatever Redis does.
   */
  stop: (graceMs: number) => Promise<void>;
}

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
    worker.on('error', (error) => ctx.log.debug({ err: error }, 'worker connection error'));
    worker.on('stalled', (id) => ctx.log.warn({ task_id: id }, 'a worker died; its task runs again'));
    // Another worker may have the task by now: two must not run it.
    worker.on('lockRenewalFailed', (ids) => {
      for (const id of ids) worker.cancelJob(id, STOP_REASONS.lockLost);
    });
    for (const end of ['completed', 'failed'] as const) worker.on(end, settler.wake);
    worker.run().catch((error) => ctx.log.error({ err: error }, 'worker stopped'));
    return worker;
  });

  const endWatch = watchCancelled(ctx, (shard, id) => workers[shard]?.cancelJob(id, STOP_REASONS.cancelled));

  return {
    stop: async (graceMs) => {
      const closed = Promise.allSettled(workers.map((worker) => worker.close()));
      const inTime = await Promise.race([
        closed.then(() => true),
        sleep(Math.max(0, graceMs - HAND_BACK_MS)),
      ]);
      if (!inTime) {
        for (const worker of workers) worker.cancelAllJobs(STOP_REASONS.shutdown);
        await Promise.race([closed, sleep(Math.min(graceMs, HAND_BACK_MS))]);
      }
      endWatch();
      await Promise.race([settler.stop(), sleep(SETTLE_MS)]);
    },
  };
}
