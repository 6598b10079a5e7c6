import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import type { Scheme } from '../scheme.js';

/**
 * Paddle Billing. https://developer.paddle.com/webhooks/signature-verification
 *
 * The header has one signature for each active secret. `notification_id` differs by destination; `event_id`
 * does not.
 */
export const paddle: Scheme<SignatureConfigOf<'paddle'>> = {
  docs: 'https://developer.paddle.com/webhooks/overview',
  steps: [
    'Paddle → Developer tools → Notifications → New destination.',
    'Type: URL. URL: the webhook URL. Events: only those that the agent needs.',
    'Edit the new destination: copy its Secret key (pdl_ntfset_…), and paste it here.',
  ],
  sample: {
    body: {
      event_id: 'evt_01h8bzakzx3hm2fmen703n5q45',
      event_type: 'transaction.completed',
      occurred_at: '2026-11-28T19:59:59.000000Z',
      notification_id: 'ntf_01h8bzam7dqq5r4a83sxtv5j0z',
      data: { id: 'txn_01h8bxpvx398a7zbawb77y0kp5', status: 'completed' },
    },
  },
  event: { property: 'event_type' },
  proof: hmacProof({
    ...SHA256_HEX,
    header: 'Paddle-Signature',
    separator: ';',
    prefix: 'h1=',
    timestampPrefix: 'ts=',
    content: '{timestamp}:{body}',
  }),
  reads: ['event_id'],
  deliveryId: ({ payload }) => valueAt(payload, 'event_id'),
};
