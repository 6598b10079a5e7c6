import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { tokenProof } from '../proofs/token.js';
import type { Scheme } from '../scheme.js';

const EVENT = {
  message_id: 'a499834f-d3f1-4f0b-9a1e-8b8a4f0f2a31',
  timestamp: '2026-11-28T20:00:00Z',
  type: 'Donation',
  is_public: true,
  from_name: 'Zoë',
  message: 'Good luck!',
  amount: '3.00',
  url: 'https://ko-fi.com/Home/CoffeeShop?txid=00000000-1111-2222-3333-444444444444',
  currency: 'USD',
};

/**
 * Ko-fi. https://ko-fi.com/manage/webhooks
 *
 * An event is JSON in a field of a form, with the verification token in it. A retry keeps the message_id.
 */
export const kofi: Scheme<SignatureConfigOf<'kofi'>> = {
  docs: 'https://help.ko-fi.com/hc/en-us/articles/360004162298-Does-Ko-fi-have-an-API-or-webhook',
  steps: [
    'At ko-fi.com: More → API. Webhook URL: the webhook URL. Update.',
    'Advanced → Verification Token: save it here.',
    'Send a test runs the agent.',
  ],
  sample: {
    contentType: 'application/x-www-form-urlencoded',
    body: `${new URLSearchParams({ data: JSON.stringify(EVENT) })}`,
  },
  event: { property: 'type' },
  proof: tokenProof(() => ({ property: 'verification_token', field: 'data' })),
  unfolds: 'data',
  reads: ['message_id'],
  deliveryId: ({ payload }) => valueAt(payload, 'message_id'),
};
