import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import type { Scheme } from '../scheme.js';

/**
 * Customer.io: reporting webhooks. https://docs.customer.io/integrations/data-out/connections/webhooks/
 *
 * A retry keeps the event_id.
 */
export const customerio: Scheme<SignatureConfigOf<'customerio'>> = {
  docs: 'https://docs.customer.io/integrations/data-out/connections/webhooks/',
  steps: [
    'Data & Integrations → Integrations → Reporting Webhooks → Add. Webhook endpoint: the webhook URL.',
    'Events: only those that the agent needs. Save, and copy the Webhook Signing Key here.',
  ],
  sample: {
    body: {
      event_id: '01E4C4CT6YDC7Y5M7FE1GWWPQJ',
      object_type: 'email',
      metric: 'bounced',
      timestamp: 1795896000,
      data: {
        delivery_id: 'RPILAgUBcRhIBqSp7kiiekGBIeVh',
        recipient: 'zoe@example.com',
        subject: 'Your order',
        failure_message: 'No such mailbox',
      },
    },
  },
  event: { property: 'metric' },
  proof: hmacProof({
    ...SHA256_HEX,
    header: 'X-CIO-Signature',
    timestampHeader: 'X-CIO-Timestamp',
    content: 'v0:{timestamp}:{body}',
  }),
  reads: ['event_id'],
  deliveryId: ({ payload }) => valueAt(payload, 'event_id'),
};
