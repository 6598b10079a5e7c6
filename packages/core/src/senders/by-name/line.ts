import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_BASE64 } from '../proofs/hmac.js';
import { emptyAnswer, onlyOne, type Scheme } from '../scheme.js';

/**
 * LINE. https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/
 *
 * “Verify” posts a signed body without events. A redelivered event keeps its webhookEventId.
 */
export const line: Scheme<SignatureConfigOf<'line'>> = {
  docs: 'https://developers.line.biz/en/docs/messaging-api/receiving-messages/',
  steps: [
    'At developers.line.biz, in the channel: Basic settings → Channel secret. Save it here first.',
    'Messaging API → Webhook URL: the webhook URL. Update, then Verify, which runs nothing.',
    'Switch on Use webhook.',
    'Each request may have several events; the payload is all of it.',
  ],
  sample: {
    body: {
      destination: 'U8e742f61d673b39c7fff3cecb7536ef0',
      events: [
        {
          type: 'message',
          timestamp: 1795896000000,
          source: { type: 'user', userId: 'U4af4980629' },
          webhookEventId: '01FZ74A0TDDPYRVKNK77XKC3ZR',
          deliveryContext: { isRedelivery: false },
          replyToken: 'nHuyWiB7yP5Zw52FIkcQobQuGDXCTA',
          message: { id: '444573844083572737', type: 'text', text: 'What now?' },
        },
      ],
    },
  },
  event: { property: 'events.0.type' },
  proof: hmacProof({ ...SHA256_BASE64, header: 'x-line-signature' }),
  handshake: ({ payload }) => {
    const events = valueAt(payload, 'events');
    return Array.isArray(events) && events.length === 0 ? emptyAnswer() : undefined;
  },
  deliveryId: ({ payload }) => valueAt(onlyOne(valueAt(payload, 'events')), 'webhookEventId'),
};
