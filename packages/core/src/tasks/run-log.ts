import type { Job } from 'bullmq';
import type { Context } from '../context.js';
import type { TaskData } from '../queue/job.js';

/** Why a task waits without a worker's slot. */
type ParkReason =
  | 'agent_paused'
  | 'budget'
  | 'decision'
  | 'max_concurrency'
  | 'paused'
  | 'rate_limit'
  | 'share_of_slots'
  | 'worker_lost';

/** Writes the log lines of one run of a task, each with task, agent, attempt and the time so far in ms. */
export interface RunLog {
  started(): void;
  succeeded(): void;
  /** @param code why people or a later event have ended it, such as `cancelled` */
  stopped(code: string): void;
  /** The worker stops or has lost its lock; another one continues. */
  handedBack(): void;
  /** @param delayMs how long it waits, in ms; undefined until it is called back */
  parked(reason: ParkReason, delayMs?: number): void;
  /** @param why.retryable whether the failure allows another attempt; that also needs one to be left */
  failed(why: { code: string; retryable: boolean; provider?: object | undefined }): void;
}

export function openRunLog(ctx: Context, job: Job<TaskData>): RunLog {
  const began = performance.now();
  const attempt = job.attemptsMade + 1;
  const isLast = attempt >= (job.opts.attempts ?? 1);
  const tell = (message: string, more: object = {}) =>
    ctx.log.info(
      {
        task_id: job.id,
        agent_id: job.data.agent_id,
        attempt,
        ...more,
        ms: Math.round(performance.now() - began),
      },
      message,
    );
  return {
    started: () => tell('attempt started'),
    succeeded: () => tell('task succeeded'),
    stopped: (code) => tell('task stopped', { code }),
    handedBack: () => tell('task handed back'),
    parked: (reason, delayMs) => {
      ctx.metrics.count('parks_total', [reason]);
      tell('task parked', { reason, ...(delayMs !== undefined && { delay_ms: Math.round(delayMs) }) });
    },
    failed: ({ code, retryable, provider }) => {
      const retry = retryable && !isLast;
      ctx.metrics.count('attempt_failures_total', [job.data.agent_id, code, String(retry)]);
      tell(retry ? 'attempt failed' : 'task failed', { code, retry, ...(provider && { provider }) });
    },
  };
}
