import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof, SHA256_BASE64 } from '../proofs/hmac.js';
import type { Scheme } from '../scheme.js';

/**
 * Sanity: GROQ-powered webhooks. https://www.sanity.io/docs/content-lake/webhooks
 *
 * A retry keeps its idempotency-key.
 */
export const sanity: Scheme<SignatureConfigOf<'sanity'>> = {
  docs: 'https://www.sanity.io/docs/content-lake/webhooks',
  steps: [
    'At sanity.io/manage: the project → API → Webhooks → Create webhook. URL: the webhook URL.',
    'Trigger on, Filter and Projection as the agent needs. HTTP method: POST.',
    'Secret: the one that you save here. Save.',
  ],
  sample: {
    headers: {
      'sanity-operation': 'update',
      'idempotency-key': '7e2c0c5d-4cb7-4b8e-9f5e-0f6a1c9d2b3e',
    },
    body: { _id: 'b7f0c1d2', _type: 'product', name: 'Zoë’s chair', slug: { current: 'chair' } },
  },
  event: { header: 'sanity-operation' },
  proof: hmacProof({
    ...SHA256_BASE64,
    header: 'sanity-webhook-signature',
    separator: ',',
    timestampPrefix: 't=',
    prefix: 'v1=',
    content: '{timestamp}.{body}',
  }),
  idHeader: () => 'idempotency-key',
};
