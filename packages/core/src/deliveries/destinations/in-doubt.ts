import type { DeliveryAttempt } from '@agenthook/contracts';
import type { Sending } from './kinds/destination-kind.js';
import { accepted, type Sent } from './sent.js';

/** How long a receiver may still be storing a request after its sender was found to have died, in ms. */
export const STORING_MS = 10_000;

const isAccepted = ({ error }: DeliveryAttempt) => error === null;

/** Whether an attempt since the last accepted one may have arrived, so that its receiver must be asked. */
export function isInDoubt(attempts: DeliveryAttempt[]): boolean {
  const since = attempts.slice(attempts.findLastIndex(isAccepted) + 1);
  return since.some(
    ({ outcome_unknown, response_status }) => outcome_unknown === true || (response_status ?? 0) >= 500,
  );
}

/** What the marks are digests for. */
const PURPOSE = 'mark of a message';

/**
 * What marks a message of this delivery at its receiver: the same in each attempt, and another one after a
 * message was accepted, because a resend sends one more. It follows from SECRET_KEY: the sender of the event
 * knows the task's id, and may be able to write where the message goes.
 *
 * @returns `write` marks a new message. One that has arrived has one of `known`: while SECRET_KEY is rotated,
 *   its mark may be by the other key
 */
export function marksOf({ ctx, id, accepted }: Pick<Sending, 'ctx' | 'id' | 'accepted'>): {
  write: string;
  known: string[];
} {
  const text = `${id} ${accepted}`;
  const markOf = (digest: Buffer) => `agenthook-${digest.toString('base64url').slice(0, 27)}`;
  return {
    write: markOf(ctx.secrets.digest(text, PURPOSE)),
    known: ctx.secrets.digests(text, PURPOSE).map(markOf),
  };
}

/** The outcome of an attempt that sent nothing, because an earlier one had arrived. */
export const alreadyThere = ({ ctx }: Sending, url: string): Sent =>
  accepted(ctx, url, 'An earlier attempt had arrived: the receiver has its message. Nothing was sent.');
