import { MAX_IDEMPOTENCY_KEY } from '@agenthook/contracts';
import type { Idempotency } from '../queue/add-tasks.js';
import { idempotencyOf, idempotencyOfDelivery } from './idempotency-key.js';
import { type Addressee, eventBytes, type InboundRequest } from './inbound.js';
import type { ReadPayload } from './read-payload.js';
import { deliveryIdOf } from './sender-request.js';
import type { Way } from './ways.js';

/**
 * Returns the key by which a retry finds its task, and the key to show: the client's, or the sender's id for
 * the event.
 */
export function identify(
  { agentId, gate: { signature } }: Addressee,
  request: InboundRequest & { payload: unknown },
  { trigger, ownKey }: Way,
  { kind }: ReadPayload,
  givenKey: string | undefined,
): { idempotency: Idempotency | undefined; shownKey: string | undefined } {
  // Tests and real events have separate keys.
  const scope = trigger === 'test' ? `${agentId} test` : agentId;
  const deliveryId = signature && deliveryIdOf(signature, request);
  const shownKey = givenKey ?? (deliveryId && shownId(deliveryId));
  const key = givenKey ?? (deliveryId === undefined ? ownKey : undefined);
  if (key !== undefined)
    return { idempotency: idempotencyOf(scope, key, kind, eventBytes(request)), shownKey };
  if (deliveryId !== undefined) return { idempotency: idempotencyOfDelivery(scope, deliveryId), shownKey };
  return { idempotency: undefined, shownKey };
}

/**
 * The sender's event id as the sender's own pages show it, so that the task can be found by it. Cut to the
 * maximum length of a key.
 */
const shownId = (deliveryId: string): string =>
  deliveryId.split(' ').at(-1)?.slice(0, MAX_IDEMPOTENCY_KEY) ?? '';
