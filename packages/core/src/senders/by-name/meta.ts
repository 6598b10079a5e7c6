import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { isSameText } from '../proofs/equal.js';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import { echoed, onlyOne, type Scheme, textAnswer } from '../scheme.js';

/**
 * Meta: WhatsApp, Instagram, Messenger and Facebook pages.
 * https://developers.facebook.com/docs/graph-api/webhooks/getting-started
 *
 * Meta confirms a URL with a GET that has the verify token, and expects the challenge back. A request has no
 * id; a single WhatsApp message has one, which stays the same at each attempt.
 */
export const meta: Scheme<SignatureConfigOf<'meta'>> = {
  docs: 'https://developers.facebook.com/docs/graph-api/webhooks/getting-started',
  steps: [
    'At developers.facebook.com, in the app: App settings → Basic → App secret. Save it here, with a verify token of ' +
      'your own choice.',
    'Webhooks (for WhatsApp: WhatsApp → Configuration): Callback URL is the webhook URL, Verify token the same.',
    'Verify and save: Meta confirms the URL at once.',
    'Subscribe to the fields that the agent needs, such as messages.',
  ],
  sample: {
    body: {
      object: 'whatsapp_business_account',
      entry: [
        {
          id: '102290129340398',
          changes: [
            {
              field: 'messages',
              value: {
                messages: [
                  { from: '16315551181', id: 'wamid.1', type: 'text', text: { body: 'Hi, Zoë here' } },
                ],
              },
            },
          ],
        },
      ],
    },
  },
  event: { property: 'object' },
  proof: hmacProof({ ...SHA256_HEX, header: 'X-Hub-Signature-256', prefix: 'sha256=' }),
  greet: ({ method, query }, _config, { verifyToken = '' }) => {
    if (method !== 'GET') return undefined;
    const given = new URLSearchParams(query);
    const challenge = echoed(given.get('hub.challenge'));
    if (given.get('hub.mode') !== 'subscribe' || challenge === undefined) return undefined;
    return isSameText(given.get('hub.verify_token') ?? '', verifyToken)
      ? textAnswer(challenge)
      : { fault: 'hub.verify_token is not the verify token of this agent' };
  },
  deliveryId: ({ payload }) => {
    const change = onlyOne(valueAt(onlyOne(valueAt(payload, 'entry')), 'changes'));
    return valueAt(onlyOne(valueAt(change, 'value.messages')), 'id');
  },
};
