import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof } from '../proofs/hmac.js';
import { emptyAnswer, type Scheme } from '../scheme.js';

/**
 * Intercom. https://developers.intercom.com/docs/webhooks/setting-up-webhooks
 *
 * Intercom tests the URL with HEAD, and its page sends the topic `ping`. A retry keeps the id.
 */
export const intercom: Scheme<SignatureConfigOf<'intercom'>> = {
  docs: 'https://developers.intercom.com/docs/webhooks/setting-up-webhooks',
  steps: [
    'In the Developer Hub, in the app: Basic information → Client secret. Save it here first.',
    'Webhooks → Endpoint URL: the webhook URL.',
    'Select the topics that the agent needs, and save. Send a test request shows whether it works.',
  ],
  sample: {
    body: {
      type: 'notification_event',
      app_id: 'abc123',
      id: 'notif_ccd8a4d0-f965-11e3-a367-c779cae3e1b3',
      topic: 'conversation.user.created',
      delivery_attempts: 1,
      first_sent_at: 1_795_896_000,
      data: {
        type: 'notification_event_data',
        item: {
          type: 'conversation',
          id: '123',
          source: { body: '<p>Where is my order?</p>', author: { type: 'user', name: 'Zoë' } },
        },
      },
    },
  },
  event: { property: 'topic' },
  proof: hmacProof({
    algorithm: 'sha1',
    encoding: 'hex',
    content: '{body}',
    header: 'X-Hub-Signature',
    prefix: 'sha1=',
    form: 'sha1= and 40 hex digits',
  }),
  reads: ['id', 'topic'],
  greet: ({ method }) => (method === 'HEAD' ? emptyAnswer() : undefined),
  handshake: ({ payload }) => (valueAt(payload, 'topic') === 'ping' ? emptyAnswer() : undefined),
  deliveryId: ({ payload }) => valueAt(payload, 'id'),
};
