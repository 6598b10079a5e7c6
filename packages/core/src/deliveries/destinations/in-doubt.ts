import type { DeliveryAttempt } from '@agenthook/contracts';
import { LOST } from '../lost-attempt.js';
import type { Sending } from './kinds/destination-kind.js';
import { accepted, type Sent, sentNothing } from './sent.js';

/** How long a receiver may still be storing a request after its sender was found to have died, in ms. */
export const STORING_MS = 10_000;

const isAccepted = ({ error }: DeliveryAttempt) => error === null;

const mayHaveArrived = ({ outcome_unknown, response_status }: DeliveryAttempt) =>
  outcome_unknown === true || (response_status ?? 0) >= 500;

/** Whether an attempt since the last accepted one may have arrived, so that its receiver must be asked. */
export const isInDoubt = (attempts: DeliveryAttempt[]): boolean =>
  attempts.slice(attempts.findLastIndex(isAccepted) + 1).some(mayHaveArrived);

/** How far the receiver's clock may be off, in ms. */
const CLOCK_ERROR_MS = 600_000;

const isLost = ({ error }: DeliveryAttempt) => error === LOST;

/**
 * When a message that is looked for was stored, in ms by the receiver's clock: since the last attempt that
 * surely began to send, because before that one the receiver had said that it has none. The worker of a lost
 * attempt may have died before it was told so. What is said after the last attempt is not looked through.
 */
export function doubtOf({ attempts, createdMs }: Pick<Sending, 'attempts' | 'createdMs'>): {
  fromMs: number;
  toMs: number;
} {
  const sent = attempts.filter((each) => mayHaveArrived(each) && !sentNothing(each));
  const last = sent.at(-1);
  if (!last) return { fromMs: createdMs - CLOCK_ERROR_MS, toMs: Number.MAX_SAFE_INTEGER };
  const first = sent.findLast((each) => !isLost(each));
  const fromMs = first ? Date.parse(first.at) : createdMs;
  const toMs = Date.parse(last.at) + last.duration_ms + STORING_MS;
  return { fromMs: fromMs - CLOCK_ERROR_MS, toMs: toMs + CLOCK_ERROR_MS };
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
