import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import type { Scheme } from '../scheme.js';

/**
 * Lemon Squeezy. https://docs.lemonsqueezy.com/help/webhooks
 */
export const lemonsqueezy: Scheme<SignatureConfigOf<'lemonsqueezy'>> = {
  docs: 'https://docs.lemonsqueezy.com/help/webhooks',
  steps: [
    'Settings → Webhooks → +. Callback URL: the webhook URL. Signing secret: the one that you save here.',
    'Choose the events that the agent needs. Save webhook.',
  ],
  sample: {
    headers: { 'X-Event-Name': 'order_created' },
    body: {
      meta: { event_name: 'order_created', test_mode: false },
      data: {
        type: 'orders',
        id: '1',
        attributes: { order_number: 1, user_name: 'Zoë', total_formatted: '$9.99', status: 'paid' },
      },
    },
  },
  event: { header: 'X-Event-Name' },
  proof: hmacProof({ ...SHA256_HEX, header: 'X-Signature' }),
};
