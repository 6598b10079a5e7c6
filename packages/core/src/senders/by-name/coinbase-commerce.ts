import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import type { Scheme } from '../scheme.js';

/**
 * Coinbase Commerce. https://docs.cdp.coinbase.com/commerce/introduction/webhooks-overview
 *
 * A retry keeps the id of its event.
 */
export const coinbaseCommerce: Scheme<SignatureConfigOf<'coinbase-commerce'>> = {
  docs: 'https://docs.cdp.coinbase.com/commerce/introduction/webhooks-overview',
  steps: [
    'Settings → Notifications → Add an endpoint: the webhook URL.',
    'Show shared secret, and save it here.',
  ],
  sample: {
    body: {
      id: 1,
      scheduled_for: '2026-11-28T20:00:00Z',
      event: {
        id: '24934862-d980-46cb-9402-43c81b0cdba6',
        type: 'charge:confirmed',
        api_version: '2018-03-22',
        created_at: '2026-11-28T20:00:00Z',
        data: {
          code: '66BEOV2A',
          name: 'The shop',
          pricing: { local: { amount: '100.00', currency: 'USD' } },
        },
      },
    },
  },
  event: { property: 'event.type' },
  proof: hmacProof({ ...SHA256_HEX, header: 'X-CC-Webhook-Signature' }),
  reads: ['event.id'],
  deliveryId: ({ payload }) => valueAt(payload, 'event.id'),
};
