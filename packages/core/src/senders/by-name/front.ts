import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_BASE64 } from '../proofs/hmac.js';
import { echoed, headerOf, type Scheme, textAnswer } from '../scheme.js';

/**
 * Front: application webhooks. https://dev.frontapp.com/docs/application-webhooks
 *
 * Front sends a challenge when the URL is saved. A retry keeps the id of its event.
 */
export const front: Scheme<SignatureConfigOf<'front'>> = {
  docs: 'https://dev.frontapp.com/docs/application-webhooks',
  steps: [
    'Settings → Developers → the app → Basic information → App secret. Save it here first.',
    'Features → Webhooks → Add: the webhook URL, with the events that the agent needs.',
  ],
  sample: {
    body: {
      type: 'inbound',
      authorization: { id: 'cmp_38ta4' },
      payload: {
        id: 'evt_1vgfx9u1',
        type: 'inbound',
        emitted_at: 1795896000.123,
        conversation: { id: 'cnv_1w2q3', subject: 'Where is my order?' },
        target: { data: { type: 'email', text: 'Zoë here' } },
      },
    },
  },
  event: { property: 'payload.type' },
  proof: hmacProof({
    ...SHA256_BASE64,
    header: 'X-Front-Signature',
    timestampHeader: 'X-Front-Request-Timestamp',
    content: '{timestamp}:{body}',
  }),
  reads: ['payload.id'],
  handshake: (event) => {
    const challenge = echoed(headerOf(event, 'X-Front-Challenge'));
    return challenge === undefined ? undefined : textAnswer(challenge);
  },
  deliveryId: ({ payload }) => valueAt(payload, 'payload.id'),
};
