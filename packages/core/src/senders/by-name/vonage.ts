import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { jwtProof } from '../proofs/jwt.js';
import { faultOfTime } from '../proofs/time.js';
import type { Scheme } from '../scheme.js';

/**
 * Vonage: messages, calls and their states. https://developer.vonage.com/en/getting-started/concepts/webhooks
 *
 * The token of Authorization has a time and the hash of the body. A message has an event for each of its
 * states.
 */
export const vonage: Scheme<SignatureConfigOf<'vonage'>> = {
  docs: 'https://developer.vonage.com/en/getting-started/concepts/webhooks#signed-webhooks',
  steps: [
    'At dashboard.vonage.com: API settings → Signature secret. Save it here first.',
    'API settings → Signature method: SHA-256 HMAC.',
    'Applications → the application → Edit → Capabilities: the webhook URL, with POST.',
  ],
  sample: {
    body: {
      channel: 'sms',
      message_uuid: 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab',
      to: '447700900000',
      from: '447700900001',
      timestamp: '2026-11-28T20:00:00Z',
      text: 'Where is my order?',
      message_type: 'text',
    },
  },
  event: { property: 'message_type' },
  proof: jwtProof({
    header: 'Authorization',
    prefix: 'Bearer ',
    bodyClaim: 'payload_hash',
    faultOfClaims: (claims, { tolerance_seconds = 0 }, nowMs) =>
      faultOfTime(String(valueAt(claims, 'iat')), 'unix', tolerance_seconds, nowMs),
    claims: (now, id) => ({ iss: 'Vonage', iat: now, jti: id }),
  }),
  reads: ['message_uuid', 'uuid', 'status', 'timestamp'],
  deliveryId: ({ payload }) => {
    const id = valueAt(payload, 'message_uuid') ?? valueAt(payload, 'uuid');
    const parts = [valueAt(payload, 'status'), valueAt(payload, 'timestamp'), id];
    return typeof id === 'string' ? parts.filter((part) => part !== undefined).join(' ') : undefined;
  },
};
