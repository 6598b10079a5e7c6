import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import { echoed, type Scheme, textAnswer } from '../scheme.js';

const signed = hmacProof<SignatureConfigOf<'nylas'>>({ ...SHA256_HEX, header: 'X-Nylas-Signature' });

/**
 * Nylas. https://developer.nylas.com/docs/v3/notifications/
 *
 * Nylas tests the URL with a GET, and makes the secret after that. A retry keeps the id of its event.
 */
export const nylas: Scheme<SignatureConfigOf<'nylas'>> = {
  docs: 'https://developer.nylas.com/docs/v3/notifications/',
  steps: [
    'Save the agent without a secret.',
    'POST https://api.us.nylas.com/v3/webhooks with trigger_types and webhook_url. Nylas sends a ' +
      'challenge, which is answered at once.',
    'The answer has webhook_secret. Save it here; until then, events are refused and sent again.',
  ],
  sample: {
    body: {
      specversion: '1.0',
      type: 'message.created',
      source: '/google/emails/realtime',
      id: 'mock-id-1',
      time: 1795896000,
      data: {
        application_id: 'app',
        object: {
          id: 'msg_1',
          subject: 'Where is my order?',
          from: [{ name: 'Zoë', email: 'zoe@example.com' }],
        },
      },
    },
  },
  event: { property: 'type' },
  proof: {
    ...signed,
    isKeyless: true,
    fault: (request, config, keys) =>
      config.secret === undefined
        ? 'the webhook secret is not saved yet'
        : signed.fault(request, config, keys),
  },
  reads: ['id'],
  greet: ({ method, query }) => {
    const challenge = method === 'GET' ? echoed(new URLSearchParams(query).get('challenge')) : undefined;
    return challenge === undefined ? undefined : textAnswer(challenge);
  },
  deliveryId: ({ payload }) => valueAt(payload, 'id'),
};
