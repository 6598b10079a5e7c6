import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_BASE64 } from '../proofs/hmac.js';
import { jsonAnswer, type Scheme } from '../scheme.js';

/** A security token of Teams: 32 bytes as base64. */
const TOKEN = /^[A-Za-z0-9+/]{22,}={0,2}$/;

/**
 * Outgoing webhooks of Microsoft Teams.
 * https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook
 *
 * Teams shows an error unless the answer is a message. An agent's `response` that waits may be the real
 * answer; Teams waits for 10 s.
 */
export const teams: Scheme<SignatureConfigOf<'teams'>> = {
  docs: 'https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook',
  steps: [
    'In the team: ••• → Manage team → Apps → Create an outgoing webhook.',
    'Name: by which people mention it. Callback URL: the webhook URL. Create.',
    'Copy the Security token, and save it here; Teams shows it once.',
    'People write “@name …” in a channel. To answer them, set a response that waits: content type application/json, ' +
      'body {"type": "message", "text": "{{ result.answer }}"}.',
  ],
  sample: {
    body: {
      type: 'message',
      id: '1795896000123',
      timestamp: '2026-11-28T20:00:00.123Z',
      serviceUrl: 'https://smba.trafficmanager.net/emea/',
      channelId: 'msteams',
      from: {
        id: '29:1XJKJMvc5GBtc2JwZq0oj8tHZmzrQgFmB39ATiQWA85gQtHieVkKilBZ9XHoq9j7Zaqt7CZ-NJWi7me2kHTL3Bw',
        name: 'Zoë',
      },
      conversation: { isGroup: true, id: '19:253b1f341670408fb6fe51050b6e5ceb@thread.skype' },
      text: '<at>agent</at> Where is order 7?',
      textFormat: 'plain',
    },
  },
  event: { property: 'type' },
  proof: hmacProof(
    {
      ...SHA256_BASE64,
      header: 'Authorization',
      prefix: 'HMAC ',
      keysOf: (secret) => [Buffer.from(secret, 'base64')],
      keyForm: 'base64',
      form: 'HMAC and 44 characters of base64',
    },
    { faultOfSecret: (secret) => (TOKEN.test(secret) ? undefined : 'is not a security token of Teams') },
  ),
  reads: ['id'],
  deliveryId: ({ payload }) => valueAt(payload, 'id'),
  answer: () => jsonAnswer({ type: 'message', text: '…' }),
};
