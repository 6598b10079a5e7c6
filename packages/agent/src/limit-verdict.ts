import type { LimitOutcome } from '@agenthook/bounded';
import type { Verdict } from './verdict.js';

/** The verdict on an attempt whose `what` exceeded a limit. It is retried if it only waited too long. */
export function limitVerdict(what: string, { outcome }: LimitOutcome): Verdict {
  const code = 'internal';
  switch (outcome) {
    case 'too_slow':
      return {
        code,
        message: `${what} takes too long with this payload.`,
        retryable: false,
      };
    case 'too_large':
      return { code, message: `${what} takes too much memory with this payload.`, retryable: false };
    case 'starved':
      return { code, message: `${what} waited too long for a free slot.`, retryable: true };
  }
}
