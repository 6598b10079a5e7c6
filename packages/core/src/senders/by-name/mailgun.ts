import { createHmac } from 'node:crypto';
import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { isDigest, isSameDigest, oneFits } from '../proofs/equal.js';
import type { Proof } from '../proofs/proof.js';
import { faultOfTime } from '../proofs/time.js';
import type { Scheme } from '../scheme.js';

type Config = SignatureConfigOf<'mailgun'>;

const FIELDS = ['timestamp', 'token', 'signature'] as const;

/**
 * The signature is part of the body: an object `signature` in an event, three fields in the form of a
 * received mail. It covers a time and a random token, not the event.
 */
const inBody: Proof<Config> = {
  isInPayload: () => true,
  isToken: true,
  fault: ({ payload }, { tolerance_seconds = 0 }, { keys, nowMs }) => {
    const within = typeof valueAt(payload, 'signature') === 'object' ? 'signature.' : '';
    const values = FIELDS.map((name) => valueAt(payload, within + name));
    for (const [at, value] of values.entries())
      if (typeof value !== 'string' && typeof value !== 'number')
        return `${within}${FIELDS[at]} is missing in the body`;
    const [timestamp = '', token = '', signature = ''] = values.map(String);
    if (!isDigest(signature, 'hex')) return `${within}signature is not of the form hex`;
    const untimely = faultOfTime(timestamp, 'unix', tolerance_seconds, nowMs);
    if (untimely !== undefined) return untimely;
    return oneFits(keys, (key) => isSameDigest(signature, signatureOf(timestamp, token, key), 'hex'))
      ? undefined
      : `${within}signature does not match the signing key of this agent`;
  },
  sign: ({ body }, _config, key, { nowMs, id }) => {
    const timestamp = String(Math.floor(nowMs / 1000));
    const signature = { timestamp, token: id, signature: signatureOf(timestamp, id, key) };
    const event = JSON.parse(body.toString()) as object;
    return { headers: {}, body: Buffer.from(JSON.stringify({ ...event, signature })) };
  },
  hides: () => ({ headers: [] }),
};

const signatureOf = (timestamp: string, token: string, key: string): string =>
  createHmac('sha256', key).update(timestamp).update(token).digest('hex');

/**
 * Mailgun: its events, and received mails that a route forwards.
 * https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks
 *
 * An event keeps its id when Mailgun repeats it, for up to 8 hours. A mail is known by its token.
 */
export const mailgun: Scheme<Config> = {
  docs: 'https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks',
  steps: [
    'Settings → API security → HTTP webhook signing key. Save it here first.',
    'Events: Send → Sending → Webhooks → Add webhook, with the event and the webhook URL.',
    'Received mails: Receive → Routes → Create route, with Forward to the webhook URL.',
  ],
  sample: {
    body: {
      'event-data': {
        id: 'G9Bn5sl1TC6nu79C8C0bwg',
        event: 'failed',
        severity: 'permanent',
        timestamp: 1_795_896_000.5,
        recipient: 'zoe@example.com',
        message: { headers: { subject: 'Your order', 'message-id': '20261128.1@mg.example.com' } },
        'delivery-status': { code: 550, message: 'No such mailbox' },
      },
    },
  },
  event: { property: 'event-data.event' },
  proof: inBody,
  reads: [...FIELDS, ...FIELDS.map((name) => `signature.${name}`), 'event-data.id', 'event-data.event'],
  deliveryId: ({ payload }) => valueAt(payload, 'event-data.id') ?? valueAt(payload, 'token'),
};
