import { createHash, hash } from 'node:crypto';
import { IDEMPOTENCY_HEADER, IDEMPOTENCY_KEY } from '@agenthook/contracts';
import type { Idempotency } from '../queue/add-tasks.js';

/** The header's name, as Node gives it. */
export const KEY_HEADER = IDEMPOTENCY_HEADER.toLowerCase();

type Headers = Record<string, string | string[] | undefined>;

/**
 * The Idempotency-Key of a request, undefined without a valid one. Node joins repeated headers with ", ", and a space is no
 * visible character, so more than one is not valid either.
 */
export function readIdempotencyKey(headers: Headers): { key: string | undefined; isValid: boolean } {
  const key = headers[KEY_HEADER];
  if (key === undefined) return { key, isValid: true };
  const isValid = typeof key === 'string' && IDEMPOTENCY_KEY.test(key);
  return { key: isValid ? key : undefined, isValid };
}

/**
 * What Redis remembers of a key and of the body it came with, as SHA-256 in base64url: neither can be read back. The
 * body's covers how its bytes are to be read, as the same bytes may be JSON and a form.
 */
export function idempotencyOf(agentId: string, key: string, kind: string, body: Buffer): Idempotency {
  return {
    id: hash('sha256', `${agentId} ${key}`, 'base64url'),
    bodyHash: createHash('sha256').update(`${kind}\n`).update(body).digest('base64url'),
  };
}

/**
 * What Redis remembers of a sender's own id of a delivery. Its body is not compared: senders may change a part of it from
 * one try to the next, as Stripe does with `pending_webhooks`. No key of a client has a space, so none is taken for it.
 */
export const idempotencyOfDelivery = (agentId: string, deliveryId: string): Idempotency => ({
  id: hash('sha256', `${agentId} delivery ${deliveryId}`, 'base64url'),
});
