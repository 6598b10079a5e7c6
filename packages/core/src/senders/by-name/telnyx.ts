import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { faultsOfKeys } from '../generic/public-key.js';
import { publicKeyProof } from '../proofs/public-key.js';
import type { Scheme } from '../scheme.js';

/**
 * Telnyx. https://developers.telnyx.com/development/api-fundamentals/webhooks/receiving-webhooks
 *
 * A retry keeps the id of its event.
 */
export const telnyx: Scheme<SignatureConfigOf<'telnyx'>> = {
  docs: 'https://developers.telnyx.com/development/api-fundamentals/webhooks/receiving-webhooks',
  steps: [
    'At portal.telnyx.com: API Keys → Public Key. Paste it here first.',
    'Messaging → the profile (or Voice → the application) → webhook URL: the webhook URL. Save.',
  ],
  sample: {
    body: {
      data: {
        event_type: 'message.received',
        id: 'b301ed3f-1490-491f-995f-6e64e69674d4',
        occurred_at: '2026-11-28T20:00:00.000+00:00',
        payload: {
          from: { phone_number: '+13125550001' },
          text: 'Zoë here',
          to: [{ phone_number: '+17735550002' }],
        },
        record_type: 'event',
      },
      meta: { attempt: 1 },
    },
  },
  event: { property: 'data.event_type' },
  proof: publicKeyProof('ed25519', {
    header: 'telnyx-signature-ed25519',
    timestampHeader: 'telnyx-timestamp',
    encoding: 'base64',
    content: '{timestamp}|{body}',
  }),
  reads: ['data.id'],
  faultsOf: (config) => faultsOfKeys(config, 'ed25519'),
  deliveryId: ({ payload }) => valueAt(payload, 'data.id'),
};
