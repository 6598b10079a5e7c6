import type { SignatureConfigOf } from '@agenthook/contracts';
import { tokenProof } from '../proofs/token.js';
import type { Scheme } from '../scheme.js';

/**
 * Cloudflare: notifications. https://developers.cloudflare.com/notifications/get-started/configure-webhooks/
 *
 * It does not sign; it sends a secret. Saving the webhook sends a test, which runs the agent.
 */
export const cloudflare: Scheme<SignatureConfigOf<'cloudflare'>> = {
  docs: 'https://developers.cloudflare.com/notifications/get-started/configure-webhooks/',
  steps: [
    'Choose a long random secret, and save it here first.',
    'Notifications → Destinations → Webhooks → Create. URL: the webhook URL. Secret: the one you saved.',
    'Save and Test, then choose the webhook in a notification.',
  ],
  sample: {
    body: {
      name: 'Origin error rate',
      text: 'The error rate of shop.example.com is 12 %',
      data: { zone_name: 'shop.example.com', error_rate: 0.12 },
      ts: 1795896000,
      account_id: '023e105f4ecef8ad9ca31a8372d0c353',
      policy_id: '0da2b59ef118439d8097bdfb215203c9',
      alert_type: 'http_alert_origin_error',
    },
  },
  event: { property: 'alert_type' },
  proof: tokenProof(() => ({ header: 'cf-webhook-auth' })),
};
