import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof } from '../proofs/hmac.js';
import { emptyAnswer, onlyOne, type Scheme } from '../scheme.js';

const FIELD = 'mandrill_events';
/** What Mandrill sends before the webhook has a key: no events. */
const NO_EVENTS = /^mandrill_events=(?:%5B%5D|\[\])$/i;

/** The form's only field: its name and its value, which are signed behind the URL. */
function signedField(body: Buffer): string[] | undefined {
  const [, value, ...more] = body.toString().split('=', 3);
  if (value === undefined || more.length > 0 || !body.toString('latin1', 0, 100).startsWith(`${FIELD}=`))
    return undefined;
  try {
    return [FIELD, decodeURIComponent(value.replaceAll('+', ' '))];
  } catch {
    return undefined;
  }
}

const signed = hmacProof<SignatureConfigOf<'mandrill'>>({
  algorithm: 'sha1',
  encoding: 'base64',
  header: 'X-Mandrill-Signature',
  content: (_given, { calledUrl, body }) => {
    const field = signedField(body);
    return field && [calledUrl, ...field];
  },
  form: '28 characters of base64',
});

/**
 * Mailchimp Transactional, formerly Mandrill: events and received mails.
 * https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/
 *
 * Mandrill tests the URL with HEAD, and with a form without events, which is signed with another key.
 * Events come in batches, as JSON in a form; a batch of one is identified by its message, its name, its
 * time and the link that was clicked.
 */
export const mandrill: Scheme<SignatureConfigOf<'mandrill'>> = {
  docs: 'https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/',
  steps: [
    'At mandrillapp.com: Settings → Webhooks → Add a Webhook, with the events that the agent needs and the webhook ' +
      'URL. Received mails: Inbound → the domain → Routes.',
    'The list shows the Key of the webhook. Save it here; until then, events are refused and sent again.',
    'The URL is signed: set PUBLIC_URL to the address that Mandrill calls.',
  ],
  sample: {
    contentType: 'application/x-www-form-urlencoded',
    body: `${FIELD}=${encodeURIComponent(
      JSON.stringify([
        {
          event: 'hard_bounce',
          _id: '7761629d56e84e7d9a6d3d1c2b4a5f60',
          ts: 1_795_896_000,
          msg: { email: 'zoe@example.com', subject: 'Your order', bounce_description: 'bad_mailbox' },
        },
      ]),
    )}`,
  },
  event: { property: '0.event' },
  proof: {
    ...signed,
    isKeyless: true,
    fault: (request, config, keys) =>
      config.secret === undefined
        ? 'the key of the webhook is not saved yet'
        : signed.fault(request, config, keys),
  },
  unfolds: FIELD,
  greet: ({ method, body }) =>
    method === 'HEAD' || (method === 'POST' && body.length < 100 && NO_EVENTS.test(body.toString()))
      ? emptyAnswer()
      : undefined,
  deliveryId: ({ payload }) => {
    const event = onlyOne(payload);
    const parts = ['event', 'ts', '_id'].map((name) => valueAt(event, name));
    if (parts.includes(undefined)) return undefined;
    // Of a click.
    const url = valueAt(event, 'url');
    return (url === undefined ? parts : [url, ...parts]).join(' ');
  },
};
