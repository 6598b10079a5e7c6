import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import type { Scheme } from '../scheme.js';

/**
 * Pusher Channels. https://pusher.com/docs/channels/server_api/webhooks/
 */
export const pusher: Scheme<SignatureConfigOf<'pusher'>> = {
  docs: 'https://pusher.com/docs/channels/server_api/webhooks/',
  steps: ['App Keys → secret. Save it here first.', 'Webhooks → the webhook URL, with an event type. Add.'],
  sample: {
    body: {
      time_ms: 1795896000000,
      events: [{ name: 'channel_occupied', channel: 'presence-support' }],
    },
  },
  event: { property: 'events.0.name' },
  proof: hmacProof({ ...SHA256_HEX, header: 'X-Pusher-Signature' }),
};
