import { hash } from 'node:crypto';
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

/**
 * What marks a message of this delivery at its receiver: the same in each attempt, and another one after a
 * message was accepted, because a resend sends one more. It is public, so it does not show the task's id,
 * which lets its holder read the task.
 */
export function markerOf({ id, attempts }: Pick<Sending, 'id' | 'attempts'>): string {
  const accepted = attempts.findLast(isAccepted)?.at ?? '';
  return `agenthook-${hash('sha256', `${id} ${accepted}`, 'base64url').slice(0, 27)}`;
}

/** The outcome of an attempt that sent nothing, because an earlier one had arrived. */
export const alreadyThere = ({ ctx }: Sending, url: string): Sent =>
  accepted(ctx, url, 'An earlier attempt had arrived: the receiver has its message. Nothing was sent.');
