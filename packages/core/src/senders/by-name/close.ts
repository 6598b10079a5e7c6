import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import type { Scheme } from '../scheme.js';

/**
 * Close. https://developer.close.com/topics/webhooks/
 *
 * A retry keeps the id of its event.
 */
export const close: Scheme<SignatureConfigOf<'close'>> = {
  docs: 'https://developer.close.com/topics/webhooks/',
  steps: [
    'POST https://api.close.com/api/v1/webhook/ with url (the webhook URL) and events.',
    'The answer has signature_key. Save it here.',
  ],
  sample: {
    body: {
      event: {
        id: 'ev_4mCfLBVUUYSMGN2oDcJiZ1',
        object_type: 'lead',
        action: 'created',
        object_id: 'lead_4mCf',
        date_created: '2026-11-28T20:00:00.000000',
        data: { display_name: 'Zoë' },
      },
      subscription_id: 'whsub_4mCf',
    },
  },
  event: { property: 'event.action' },
  proof: hmacProof(
    {
      ...SHA256_HEX,
      header: 'close-sig-hash',
      timestampHeader: 'close-sig-timestamp',
      content: '{timestamp}{body}',
      keysOf: (secret) => [Buffer.from(secret, 'hex')],
      keyForm: 'hex',
    },
    { faultOfSecret: (secret) => (/^(?:[0-9a-f]{2})+$/i.test(secret) ? undefined : 'is not hex') },
  ),
  reads: ['event.id'],
  deliveryId: ({ payload }) => valueAt(payload, 'event.id'),
};
