import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_BASE64 } from '../proofs/hmac.js';
import type { Scheme } from '../scheme.js';

/** Typeform. https://www.typeform.com/developers/webhooks/secure-your-webhooks/ */
export const typeform: Scheme<SignatureConfigOf<'typeform'>> = {
  docs: 'https://www.typeform.com/developers/webhooks/secure-your-webhooks/',
  steps: [
    'In the form: Connect → Webhooks → Add a webhook, with the webhook URL.',
    'Edit the webhook. Secret: the one you save here. Then switch the webhook on.',
    'View deliveries → Send test request sends a made-up response, signed like a real one.',
  ],
  sample: {
    body: {
      event_id: '01HXYZ5M6V8Q9R1T2S3U4W5X6Y',
      event_type: 'form_response',
      form_response: {
        form_id: 'lT4Z3j',
        token: 'a3a12ec67a1365927098a606107fac15',
        submitted_at: '2026-11-28T20:00:00Z',
        definition: {
          id: 'lT4Z3j',
          title: 'Contact us',
          fields: [{ id: 'DlXFaesGBpoF', title: 'Your question?', type: 'long_text', ref: 'question' }],
        },
        answers: [
          {
            type: 'text',
            text: 'Where is my order?',
            field: { id: 'DlXFaesGBpoF', type: 'long_text', ref: 'question' },
          },
        ],
      },
    },
  },
  event: { property: 'event_type' },
  proof: hmacProof({
    ...SHA256_BASE64,
    header: 'Typeform-Signature',
    prefix: 'sha256=',
    form: 'sha256= and 44 characters of base64',
  }),
  reads: ['event_id'],
  deliveryId: ({ payload }) => valueAt(payload, 'event_id'),
};
