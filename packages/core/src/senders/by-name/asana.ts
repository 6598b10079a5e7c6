import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import { emptyAnswer, headerOf, type Scheme } from '../scheme.js';

const SECRET = 'X-Hook-Secret';
const signed = hmacProof<SignatureConfigOf<'asana'>>({
  ...SHA256_HEX,
  header: 'X-Hook-Signature',
  form: '64 hex digits',
});

/**
 * Asana. https://developers.asana.com/docs/webhooks-guide
 *
 * Asana makes the secret. While the webhook is created, it sends the secret to the URL, expects it back, and
 * returns it to the webhook's creator. What the URL receives is not stored, because anyone could send it.
 * Events that come before the secret is saved are refused; Asana repeats them for 24 hours. It sends an empty
 * list as a heartbeat.
 */
export const asana: Scheme<SignatureConfigOf<'asana'>> = {
  docs: 'https://developers.asana.com/docs/webhooks-guide',
  steps: [
    'Save the agent without a secret.',
    'POST https://app.asana.com/api/1.0/webhooks with resource (such as a project) and target (the webhook URL). ' +
      'Asana tests the URL meanwhile.',
    'The answer has X-Hook-Secret beside data. Save it here; until then, events are refused and sent again.',
  ],
  sample: {
    body: {
      events: [
        {
          action: 'added',
          created_at: '2026-11-28T20:00:00.000Z',
          user: { gid: '1123', resource_type: 'user' },
          resource: { gid: '1337', resource_type: 'task', resource_subtype: 'default_task' },
          parent: { gid: '8675309', resource_type: 'project' },
        },
      ],
    },
  },
  event: { property: 'events.0.action' },
  proof: {
    ...signed,
    isKeyless: true,
    fault: (request, config, keys) =>
      config.secret === undefined
        ? 'the X-Hook-Secret of the webhook is not saved yet'
        : signed.fault(request, config, keys),
  },
  greet: (request) => {
    const secret = request.method === 'POST' ? headerOf(request, SECRET) : undefined;
    if (secret === undefined) return undefined;
    return /^[A-Za-z0-9_-]{1,200}$/.test(secret)
      ? emptyAnswer(200, { [SECRET]: secret })
      : { fault: `${SECRET} is not a secret of Asana` };
  },
  handshake: ({ payload }) => {
    const events = valueAt(payload, 'events');
    return Array.isArray(events) && events.length === 0 ? emptyAnswer() : undefined;
  },
};
