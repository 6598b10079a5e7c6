import { FAILURE_CODES, type FailureCode, type TaskFailure } from '@agenthook/contracts';
import { UnrecoverableError } from 'bullmq';

/**
 * BullMQ keeps why a job failed as one text, `failedReason`. We put the whole FAILURE result there as JSON, so that it
 * is stored by the very script that ends the job, and a status poll finds both in one hash.
 */
class AttemptFailed extends Error {
  readonly retryAfterMs: number | undefined;
  constructor(failure: TaskFailure, retryAfterMs: number | undefined) {
    super(JSON.stringify(failure));
    this.retryAfterMs = retryAfterMs;
  }
}

/** The error that a processor throws to end an attempt: for good, or so that BullMQ tries again. */
export function attemptError(
  failure: TaskFailure,
  retry: { retryable: boolean; afterMs?: number | undefined },
): Error {
  return retry.retryable
    ? new AttemptFailed(failure, retry.afterMs)
    : new UnrecoverableError(JSON.stringify(failure));
}

/** How long the provider asked to wait, in ms, if the attempt failed with such a wish. */
export const retryAfterOf = (error: Error | undefined): number | undefined =>
  error instanceof AttemptFailed ? error.retryAfterMs : undefined;

/** A failure without tool calls or usage: of a run that never got to its model. */
export const bareFailure = (code: FailureCode, message: string): TaskFailure => ({
  error: { code, message },
  tool_calls: [],
  usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0, cost_usd: null },
});

/** BullMQ's own words for a job whose workers died under it. */
const WORKER_LOST = /stalled more than|started more than/;

/** A stored `failedReason` as a FAILURE result. What is not ours is described without quoting it. */
export function parseFailure(failedReason: string): TaskFailure {
  try {
    const failure = JSON.parse(failedReason) as TaskFailure;
    if (FAILURE_CODES.includes(failure.error.code)) return failure;
  } catch {
    if (WORKER_LOST.test(failedReason)) {
      return bareFailure(
        'worker_lost',
        'The workers that ran this task died several times; it was given up.',
      );
    }
  }
  return bareFailure('internal', 'The run failed inside AgentHook. The worker log has the details.');
}
