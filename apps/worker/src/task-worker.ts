import { withDeadline } from '@agenthook/async';
import type { RunAgent } from '@agenthook/contracts';
import {
  type Context,
  createProviderGates,
  createStandingOf,
  createVersionCache,
  type EndHandler,
  noteSurvived,
  type RunAlone,
  type RunDeps,
  runTask,
  STOP_REASONS,
  sharedSlots,
  startPulse,
  startReconcilingLeases,
  startRecovery,
  startReleasingHeld,
  startReleasingUnfunded,
  startSettling,
  startShares,
  TASK_QUEUE,
  type TaskData,
  watchCancelled,
  workerOptions,
} from '@agenthook/core';
import { type Job, Worker } from 'bullmq';
import { admitByBytes } from './admission.js';
import { type RunningWorker, runWorkers } from './run-workers.js';

/** How long a stopping worker may spend on the last ends in the outbox, in ms. Others process the rest. */
const SETTLE_MS = 500;

export interface TaskWorkerOptions {
  /** Called for each task that has ended, wherever it ran. */
  onEnd?: EndHandler;
  /** Runs tasks that are suspected of killing workers. Without it, they run beside others. */
  runAlone?: RunAlone;
  /** Upper bound for payloads in progress, in bytes. Default: none. */
  maxBytes?: number;
  lockSeconds?: number;
}

/** A worker of tasks, and what it is doing. */
export interface TaskWorker extends RunningWorker {
  load: () => { taken: number; bytes: number };
}

/**
 * Starts one BullMQ worker per shard, each running up to `concurrency` tasks of one agent at once, and a
 * quarter more of others.
 */
export function buildWorker(
  ctx: Context,
  runAgent: RunAgent,
  concurrency: number,
  options: TaskWorkerOptions = {},
): TaskWorker {
  const {
    onEnd = async () => undefined,
    runAlone,
    maxBytes = Number.POSITIVE_INFINITY,
    lockSeconds,
  } = options;
  const slots = sharedSlots(concurrency);
  const versions = createVersionCache(ctx);
  const settler = startSettling(ctx, onEnd, versions);
  const recovery = startRecovery(ctx);
  const pulse = startPulse(ctx.redis);
  /** Runs of this process whose lock is lost. */
  const unlocked = new Set<string>();
  const deps: RunDeps = {
    runAgent,
    recovery,
    standingOf: createStandingOf(ctx),
    pulse,
    runAlone,
    versions,
    gates: createProviderGates(),
  };
  // BullMQ passes the AbortSignal only to a function with three parameters, none of which has a default
  // value.
  const processor = async (
    job: Job<TaskData>,
    token: string | undefined,
    signal: AbortSignal | undefined,
  ) => {
    try {
      return await shares.inShare(job, token ?? '', () =>
        runTask(ctx, deps, job, token ?? '', signal ?? new AbortController().signal),
      );
    } finally {
      unlocked.delete(job.id ?? '');
      admission.ended(job);
    }
  };
  const workers = ctx.queues.map((queue, shard) => {
    const { telemetry } = queue.opts;
    const worker = new Worker<TaskData>(
      TASK_QUEUE,
      processor,
      workerOptions(ctx.redis, shard, slots, { telemetry, lockSeconds }),
    );
    worker.on('stalled', (id) => {
      ctx.metrics.count('stalls_total', []);
      const message = 'its worker died or lost the lock; the task is in the queue again';
      ctx.log.warn({ task_id: id }, message);
    });
    worker.on('lockRenewalFailed', (ids) => {
      for (const id of ids.filter((each) => !unlocked.has(each))) {
        unlocked.add(id);
        noteSurvived(ctx, shard, id).catch((error) =>
          ctx.log.debug({ err: error }, 'a lost lock was not reported'),
        );
      }
    });
    for (const end of ['completed', 'failed'] as const) worker.on(end, settler.wake);
    return worker;
  });
  const admission = admitByBytes(workers, { concurrency: slots, maxBytes });
  const shares = startShares(ctx, slots);
  const running = runWorkers(ctx, workers);
  const endWatch = watchCancelled(ctx, (shard, id) => workers[shard]?.cancelJob(id, STOP_REASONS.cancelled));
  const endReconciling = startReconcilingLeases(ctx);
  const endReleasing = startReleasingHeld(ctx);
  const endFunding = startReleasingUnfunded(ctx);
  return {
    isRunning: running.isRunning,
    load: () => ({ taken: admission.taken(), bytes: admission.bytes() }),
    stop: async (graceMs) => {
      endReconciling();
      shares.stop();
      endReleasing();
      endFunding();
      recovery.stop();
      pulse.stop();
      await running.stop(graceMs);
      endWatch();
      await withDeadline(settler.stop(), SETTLE_MS);
    },
  };
}
