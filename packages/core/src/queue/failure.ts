import { FAILURE_CODES, type FailureCode, sumTokens, type TaskFailure } from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import { UnrecoverableError } from 'bullmq';

/**
 * BullMQ stores the reason of a failed job as one text, `failedReason`. We store the whole FAILURE result
 * there as JSON, so that the script that ends the job also stores the result, and a status poll reads one
 * hash.
 */
class AttemptFailed extends Error {
  readonly code: FailureCode;
  readonly retryAfterMs: number | undefined;
  constructor(failure: TaskFailure, retryAfterMs: number | undefined) {
    super(JSON.stringify(failure));
    this.code = failure.error.code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The error that a processor throws to end an attempt. BullMQ retries it or fails the job for good. */
export function attemptError(
  failure: TaskFailure,
  retry: { retryable: boolean; afterMs?: number | undefined },
): Error {
  return retry.retryable
    ? new AttemptFailed(failure, retry.afterMs)
    : new UnrecoverableError(JSON.stringify(failure));
}

/** The provider's requested delay in ms, if the failed attempt has one. */
export const retryAfterOf = (error: Error | undefined): number | undefined =>
  error instanceof AttemptFailed ? error.retryAfterMs : undefined;

/** Whether the failed attempt met a rate limit. */
export const isRateLimit = (error: Error | undefined): boolean =>
  error instanceof AttemptFailed && error.code === 'model_rate_limited';

/** Why a task ended whose conversation has a newer event. */
export const SUPERSEDED_ERROR = {
  code: 'superseded',
  message: 'A newer event of the same conversation took the place of this one.',
} as const;

/** A failure without tool calls or usage, for a run that never reached its model. */
export const bareFailure = (code: FailureCode, message: string): TaskFailure => ({
  error: { code, message },
  tool_calls: [],
  usage: { ...sumTokens([]), total_tokens: 0, cost_usd: null },
});

/** BullMQ's messages for a job whose workers died. */
const WORKER_LOST = /stalled more than|started more than/;

/** Parses a stored `failedReason` as a FAILURE result. Does not quote texts that are not ours. */
export function parseFailure(failedReason: string): TaskFailure {
  try {
    const failure = parseJson(failedReason) as TaskFailure;
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
