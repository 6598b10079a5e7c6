import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_BASE64 } from '../proofs/hmac.js';
import type { Scheme } from '../scheme.js';

/** Square, which signs the URL with the body. https://developer.squareup.com/docs/webhooks/step3validate */
export const square: Scheme<SignatureConfigOf<'square'>> = {
  docs: 'https://developer.squareup.com/docs/webhooks/overview',
  steps: [
    'At developer.squareup.com, in the app: Webhooks → Subscriptions → Add subscription.',
    'URL: the webhook URL. Events: only those that the agent needs. Save.',
    'On the new subscription: Signature key → Show, and paste it here.',
    'The URL is signed: set PUBLIC_URL to the address that Square calls.',
  ],
  sample: {
    headers: { 'square-environment': 'Production' },
    body: {
      merchant_id: 'MLEFBHHSJGVHD',
      type: 'payment.created',
      event_id: 'ac3ac95b-f97d-458c-a6e6-18981597e05f',
      created_at: '2026-11-28T20:30:59.037339943Z',
      data: { type: 'payment', id: 'hYy9pRFVxpDsO1FB05SunFWUe9JZY', object: {} },
    },
  },
  event: { property: 'type' },
  proof: hmacProof({ ...SHA256_BASE64, header: 'x-square-hmacsha256-signature', content: '{url}{body}' }),
  reads: ['event_id'],
  deliveryId: ({ payload }) => valueAt(payload, 'event_id'),
};
