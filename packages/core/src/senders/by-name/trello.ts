import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof } from '../proofs/hmac.js';
import { emptyAnswer, type Scheme } from '../scheme.js';

/**
 * Trello. https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/
 *
 * Trello tests the URL with HEAD. It signs the body and the URL that the webhook was created with.
 */
export const trello: Scheme<SignatureConfigOf<'trello'>> = {
  docs: 'https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/',
  steps: [
    'At trello.com/power-ups/admin, in the Power-Up: API key → Secret. Save it here first.',
    'Create the webhook with Trello’s API: POST https://api.trello.com/1/webhooks with key, token, idModel (a ' +
      'board, list or card) and callbackURL (the webhook URL).',
    'Trello signs the URL too. If its signature is refused, set the base URL that Trello calls.',
  ],
  sample: {
    body: {
      model: { id: '4d5ea62fd76aa1136000000c', name: 'Shop' },
      action: {
        id: '51f9424bcd6e040f3c002412',
        type: 'createCard',
        date: '2026-11-28T20:00:00.000Z',
        data: {
          card: { id: '4d5ea62fd76aa1136000000d', name: 'Repair the printer' },
          list: { name: 'To do' },
          board: { name: 'Shop' },
        },
        memberCreator: { fullName: 'Zoë', username: 'zoe' },
      },
    },
  },
  event: { property: 'action.type' },
  proof: hmacProof({
    algorithm: 'sha1',
    encoding: 'base64',
    content: '{body}{url}',
    header: 'X-Trello-Webhook',
    form: '28 characters of base64',
  }),
  reads: ['action.id'],
  greet: ({ method }) => (method === 'HEAD' ? emptyAnswer() : undefined),
  deliveryId: ({ payload }) => valueAt(payload, 'action.id'),
};
