import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import type { Scheme } from '../scheme.js';

/** Razorpay. https://razorpay.com/docs/webhooks/validate-test/ */
export const razorpay: Scheme<SignatureConfigOf<'razorpay'>> = {
  docs: 'https://razorpay.com/docs/webhooks/setup-edit-payments/',
  steps: [
    'Account & Settings → Website and app settings → Webhooks → Add New Webhook.',
    'Webhook URL: the webhook URL. Secret: the one you save here.',
    'Active Events: only those that the agent needs. Create Webhook.',
  ],
  generates: 'hex',
  sample: {
    headers: { 'X-Razorpay-Event-Id': 'Q1a2b3C4d5E6f7' },
    body: {
      entity: 'event',
      account_id: 'acc_BFQ7uQEaa7j2z7',
      event: 'payment.failed',
      contains: ['payment'],
      payload: {
        payment: {
          entity: {
            id: 'pay_DESlfW9H8K9uqM',
            entity: 'payment',
            amount: 50_000,
            currency: 'INR',
            status: 'failed',
            email: 'zoe@example.com',
            error_description: 'Payment was not completed on time.',
          },
        },
      },
      created_at: 1_795_896_000,
    },
  },
  event: { property: 'event' },
  proof: hmacProof({ ...SHA256_HEX, header: 'X-Razorpay-Signature', form: '64 hex digits' }),
  idHeader: () => 'X-Razorpay-Event-Id',
};
