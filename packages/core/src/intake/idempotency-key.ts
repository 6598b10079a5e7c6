import { createHash, hash } from 'node:crypto';
import { IDEMPOTENCY_HEADER, IDEMPOTENCY_KEY } from '@agenthook/contracts';
import { canonicalJson } from '@agenthook/json';
import type { Idempotency } from '../queue/add-tasks.js';

/** The header's name in lower case, as Node provides it. */
export const KEY_HEADER = IDEMPOTENCY_HEADER.toLowerCase();

type Headers = Record<string, string | string[] | undefined>;

/**
 * The Idempotency-Key of a request; undefined without a valid one. An empty key counts as none. Node joins
 * repeated headers with ", ", and a space is not allowed in a key, so a repeated header is invalid.
 */
export function readIdempotencyKey(headers: Headers): { key: string | undefined; isValid: boolean } {
  const key = headers[KEY_HEADER];
  if (key === undefined || (typeof key === 'string' && key.trim() === ''))
    return { key: undefined, isValid: true };
  const isValid = typeof key === 'string' && IDEMPOTENCY_KEY.test(key);
  return { key: isValid ? key : undefined, isValid };
}

/**
 * What Redis stores of a key and the body it came with: SHA-256 in base64url, so neither can be read back.
 * The body's hash includes its content kind, because the same bytes may be JSON or a form.
 */
export function idempotencyOf(agentId: string, key: string, kind: string, body: Buffer): Idempotency {
  return {
    id: hash('sha256', `${agentId} ${key}`, 'base64url'),
    bodyHash: createHash('sha256').update(`${kind}\n`).update(body).digest('base64url'),
  };
}

/**
 * What Redis stores of a sender's own delivery id. Does not include the body, because senders may change
 * parts of it between attempts, as Stripe does with `pending_webhooks`. A client's key contains no space, so
 * it cannot equal this one.
 */
export const idempotencyOfDelivery = (agentId: string, deliveryId: string): Idempotency => ({
  id: hash('sha256', `${agentId} delivery ${deliveryId}`, 'base64url'),
});

/**
 * What Redis stores of the key of an API call that makes a task, such as a replay, and of what the call asks
 * for. Events have other keys: none of them contains a space.
 */
export const idempotencyOfCall = (agentId: string, key: string, call: readonly unknown[]): Idempotency => ({
  id: hash('sha256', `${agentId} call ${key}`, 'base64url'),
  bodyHash: hash('sha256', canonicalJson(call), 'base64url'),
});
