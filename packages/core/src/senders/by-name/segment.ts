import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof } from '../proofs/hmac.js';
import type { Scheme } from '../scheme.js';

/**
 * Segment: the destination Webhooks. https://segment.com/docs/connections/destinations/catalog/webhooks/
 *
 * A retry keeps the messageId.
 */
export const segment: Scheme<SignatureConfigOf<'segment'>> = {
  docs: 'https://segment.com/docs/connections/destinations/catalog/webhooks/',
  steps: [
    'Connections → Catalog → Webhooks → Add destination. Webhook URL: the webhook URL.',
    'Shared Secret: the one that you save here.',
  ],
  sample: {
    body: {
      type: 'track',
      event: 'Order Completed',
      messageId: 'ajs-next-1795896000-8ab5',
      userId: 'zoe',
      properties: { order_id: '7', total: 9.99 },
      timestamp: '2026-11-28T20:00:00.000Z',
    },
  },
  event: { property: 'type' },
  proof: hmacProof({ algorithm: 'sha1', encoding: 'hex', header: 'X-Signature', content: '{body}' }),
  reads: ['messageId'],
  deliveryId: ({ payload }) => valueAt(payload, 'messageId'),
};
