import type { LimitOutcome } from '@agenthook/bounded';
import type { Verdict } from './verdict.js';

/** Why an attempt fails whose `what` ran into a limit. One that did not get its turn is tried again. */
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
      return { code, message: `${what} waited too long for its turn.`, retryable: true };
  }
}
