import { withDeadline } from '@agenthook/async';
import { type Context, renewAfterSetBack, STOP_REASONS } from '@agenthook/core';
import type { Worker } from 'bullmq';

/** How long handing back jobs may take after the grace period, in ms. */
const HAND_BACK_MS = 2_000;

export interface RunningWorker {
  /** Whether it accepts jobs: false once it stops, or if BullMQ gave up. */
  isRunning: () => boolean;
  /**
   * Accepts no more jobs, lets running ones finish for `graceMs`, then returns the rest to the queue, where
   * another worker gets them at once. Ends by that deadline, whatever Redis does.
   */
  stop: (graceMs: number) => Promise<void>;
}

/** Runs one BullMQ worker per shard until they are stopped. A run that must end gets one of STOP_REASONS. */
export function runWorkers(ctx: Context, workers: Worker[]): RunningWorker {
  for (const worker of workers) {
    renewAfterSetBack(worker);
    worker.on('error', (error) => ctx.log.debug({ err: error }, 'worker connection error'));
    // Another worker may have the job by now, and two must not run it.
    worker.on('lockRenewalFailed', (ids) => {
      for (const id of ids) worker.cancelJob(id, STOP_REASONS.lockLost);
    });
    worker.run().catch((error) => ctx.log.error({ err: error }, 'worker stopped'));
  }
  return {
    isRunning: () => workers.every((worker) => worker.isRunning()),
    stop: async (graceMs) => {
      const closed = Promise.allSettled(workers.map((worker) => worker.close()));
      const inTime = await withDeadline(
        closed.then(() => true),
        Math.max(0, graceMs - HAND_BACK_MS),
        false,
      );
      if (inTime) return;
      for (const worker of workers) worker.cancelAllJobs(STOP_REASONS.shutdown);
      await withDeadline(closed, Math.min(graceMs, HAND_BACK_MS));
    },
  };
}
