import type { FailureCode } from '@agenthook/contracts';

/** Why an attempt failed and whether another one may do better. */
export interface Verdict {
  code: FailureCode;
  message: string;
  retryable: boolean;
  /** What the provider asked for, in ms from now. */
  retry_after_ms?: number | undefined;
}

/** A failure that another attempt would only repeat. */
export function final(code: FailureCode, message: string): Verdict {
  return { code, message, retryable: false };
}

/** Carries a verdict out of the tool loop, for what ends a run there without being the provider's error. */
export class VerdictError extends Error {
  override readonly name = 'VerdictError';
  readonly verdict: Verdict;
  constructor(verdict: Verdict) {
    super(verdict.message);
    this.verdict = verdict;
  }
}
