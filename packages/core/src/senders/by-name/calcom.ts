import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import type { Scheme } from '../scheme.js';

/**
 * Cal.com. https://cal.com/docs/developing/guides/automation/webhooks
 */
export const calcom: Scheme<SignatureConfigOf<'calcom'>> = {
  docs: 'https://cal.com/docs/developing/guides/automation/webhooks',
  steps: [
    'Settings → Developer → Webhooks → New. Subscriber URL: the webhook URL.',
    'Secret: the one that you save here. Event triggers: only those that the agent needs.',
    'Ping test sends an example. It runs the agent if it is signed. Create Webhook.',
  ],
  sample: {
    body: {
      triggerEvent: 'BOOKING_CREATED',
      createdAt: '2026-11-28T20:00:00.000Z',
      payload: {
        type: '30min',
        title: '30 min between Ann and Zoë',
        startTime: '2026-12-01T09:00:00Z',
        uid: 'bFJeNb2uX8ANpT3JL5EfXw',
        attendees: [{ email: 'zoe@example.com', name: 'Zoë' }],
      },
    },
  },
  event: { property: 'triggerEvent' },
  proof: hmacProof({ ...SHA256_HEX, header: 'X-Cal-Signature-256' }),
};
