import type { FailureCode, ProviderAnswer } from '@agenthook/contracts';

/** Why an attempt failed, and whether a retry may help. */
export interface Verdict {
  code: FailureCode;
  message: string;
  retryable: boolean;
  /** The wait that the provider asked for, in ms from now. */
  retry_after_ms?: number | undefined;
  /** What the provider answered, not redacted. */
  provider?: ProviderAnswer;
}

/** A failure that another attempt would repeat. */
export function final(code: FailureCode, message: string): Verdict {
  return { code, message, retryable: false };
}

/** A failure that another attempt may not meet. */
export function passing(code: FailureCode, message: string): Verdict {
  return { code, message, retryable: true };
}

/** Carries a verdict out of the tool loop, for a run that ends there without a provider error. */
export class VerdictError extends Error {
  override readonly name = 'VerdictError';
  readonly verdict: Verdict;
  constructor(verdict: Verdict) {
    super(verdict.message);
    this.verdict = verdict;
  }
}
