import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import type { Scheme } from '../scheme.js';

/**
 * Sentry. https://docs.sentry.io/organization/integrations/integration-platform/webhooks/ Its time is not
 * signed.
 */
export const sentry: Scheme<SignatureConfigOf<'sentry'>> = {
  docs: 'https://docs.sentry.io/organization/integrations/integration-platform/webhooks/',
  steps: [
    'Settings → Developer Settings → Custom Integrations → Create New Integration → Internal Integration.',
    'Webhook URL: the webhook URL. Alert Rule Action: on, to use it in alerts.',
    'Permissions and Webhooks: only what the agent needs, such as issue. Save Changes.',
    'Client Secret, at the bottom of the page: paste it here.',
  ],
  sample: {
    headers: { 'Sentry-Hook-Resource': 'issue', 'Request-ID': '6fd4f21b-3f1f-4f0d-9e7b-6c6f2f3f9a10' },
    body: {
      action: 'created',
      data: {
        issue: {
          id: '1170820242',
          shortId: 'SHOP-1',
          title: 'TypeError: x is undefined',
          culprit: 'checkout.js',
          level: 'error',
        },
      },
      actor: { type: 'application', id: 'sentry', name: 'Sentry' },
    },
  },
  event: { header: 'Sentry-Hook-Resource' },
  proof: hmacProof({ ...SHA256_HEX, header: 'Sentry-Hook-Signature' }),
  idHeader: () => 'Request-ID',
};
