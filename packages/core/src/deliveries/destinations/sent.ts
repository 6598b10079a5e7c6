import { type DeliveryAttempt, type DeliveryReason, iso } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import type { Posted } from '../post-callback.js';

/** The outcome of one attempt. `url` is where it went, as the log shows it. */
export interface Sent extends Posted {
  url: string;
}

/** An attempt that succeeded without an answer over HTTP. `excerpt` is what the log shows as the answer. */
export const accepted = (ctx: Context, url: string, excerpt: string): Sent => ({
  url,
  outcome: 'delivered',
  attempt: {
    at: iso(ctx.now()),
    response_status: 200,
    error: null,
    duration_ms: 0,
    response_excerpt: excerpt,
  },
});

/** Nothing can be sent, and no retry changes that. The message is for people and holds no secret. */
export class Unsendable extends Error {
  override readonly name = 'Unsendable';
  readonly reason: DeliveryReason;
  constructor(reason: DeliveryReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** How the error of an attempt begins that only asked whether an earlier one has arrived. */
const NOT_KNOWN = 'Whether an earlier attempt has arrived is not known.';

/** Whether an attempt only asked, in vain, whether an earlier one has arrived. */
export const sentNothing = ({ error }: DeliveryAttempt): boolean => error?.startsWith(NOT_KNOWN) ?? false;

/** An earlier attempt may have arrived, and nobody can say yet whether it has. */
export class CannotTell extends Error {
  override readonly name = 'CannotTell';
  /** When to ask again at the earliest, in ms from now; undefined if the receiver does not say. */
  readonly retryAfterMs: number | undefined;
  constructor(message: string, retryAfterMs?: number) {
    super(`${NOT_KNOWN} ${message}`);
    this.retryAfterMs = retryAfterMs;
  }
}

/** Something is in the way that may pass. */
export class NotYet extends Error {
  override readonly name = 'NotYet';
}
