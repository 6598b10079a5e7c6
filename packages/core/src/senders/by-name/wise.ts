import type { SignatureConfigOf } from '@agenthook/contracts';
import { faultsOfKeys } from '../generic/public-key.js';
import { publicKeyProof } from '../proofs/public-key.js';
import { emptyAnswer, headerOf, type Scheme } from '../scheme.js';

/**
 * Wise. https://docs.wise.com/guides/developer/webhooks/event-handling
 *
 * Wise publishes one key for its sandbox and one for production. A test notification, which Wise sends when a
 * subscription is created, has a header that says so.
 */
export const wise: Scheme<SignatureConfigOf<'wise'>> = {
  docs: 'https://docs.wise.com/guides/developer/webhooks/event-handling',
  steps: [
    'Copy the public key for webhooks of production (or of the sandbox) from Wise’s page, and save it here first.',
    'Settings → Integrations and tools → Developer tools → Webhooks → Create new webhook.',
    'Choose an event, and enter the webhook URL. Test Webhook is answered with 200 and runs nothing.',
  ],
  sample: {
    headers: { 'X-Delivery-Id': '1f8e8a2c-6f3f-4b0a-9f4e-0f6f3c1c2b7d' },
    body: {
      data: {
        resource: { id: 49_983_981, profile_id: 16_055_450, account_id: 14_124_090, type: 'transfer' },
        current_state: 'funds_refunded',
        previous_state: 'processing',
        occurred_at: '2026-11-28T20:00:00Z',
      },
      subscription_id: '90aa8e14-4ef1-4a56-861c-f3c9cde097ea',
      event_type: 'transfers#state-change',
      schema_version: '2.0.0',
      sent_at: '2026-11-28T20:00:00Z',
    },
  },
  event: { property: 'event_type' },
  proof: publicKeyProof('rsa', {
    header: 'X-Signature-SHA256',
    encoding: 'base64',
    content: '{body}',
    form: 'base64',
  }),
  faultsOf: (config) => faultsOfKeys(config, 'rsa'),
  idHeader: () => 'X-Delivery-Id',
  handshake: (event) => (headerOf(event, 'X-Test-Notification') === 'true' ? emptyAnswer() : undefined),
};
