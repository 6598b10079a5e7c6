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
