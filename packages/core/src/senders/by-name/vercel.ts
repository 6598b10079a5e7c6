import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof } from '../proofs/hmac.js';
import type { Scheme } from '../scheme.js';

/**
 * Vercel: webhooks of an account or an integration. https://vercel.com/docs/webhooks/webhooks-api
 *
 * A retry keeps the id of its event.
 */
export const vercel: Scheme<SignatureConfigOf<'vercel'>> = {
  docs: 'https://vercel.com/docs/webhooks/webhooks-api',
  steps: [
    'Team settings → Webhooks → Create Webhook: events, projects, and the webhook URL.',
    'Vercel shows the secret once. Save it here.',
  ],
  sample: {
    body: {
      id: 'uev_1wXrGe7DyTRD9d0tHJyAAAAA',
      type: 'deployment.error',
      createdAt: 1795896000000,
      region: 'sfo1',
      payload: {
        deployment: { id: 'dpl_1', name: 'shop', url: 'shop-abc.vercel.app' },
        target: 'production',
      },
    },
  },
  event: { property: 'type' },
  proof: hmacProof({ algorithm: 'sha1', encoding: 'hex', header: 'x-vercel-signature', content: '{body}' }),
  reads: ['id'],
  deliveryId: ({ payload }) => valueAt(payload, 'id'),
};
