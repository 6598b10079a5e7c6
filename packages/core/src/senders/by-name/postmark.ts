import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { tokenProof } from '../proofs/token.js';
import type { Scheme } from '../scheme.js';

const TIMES = ['BouncedAt', 'DeliveredAt', 'ReceivedAt', 'ChangedAt'];
const RECIPIENTS = ['Recipient', 'Email'];

/**
 * Postmark: events and received mails. https://postmarkapp.com/developer/webhooks/webhooks-overview
 *
 * It does not sign; it sends a user and a password. A message has an event for each thing that happens to it,
 * and for each of its recipients, and for each link that one opens.
 */
export const postmark: Scheme<SignatureConfigOf<'postmark'>> = {
  docs: 'https://postmarkapp.com/developer/webhooks/webhooks-overview',
  steps: [
    'Choose a user name and a long random password, and save both here.',
    'Events: the server → the message stream → Webhooks → Add webhook: the webhook URL, with the events.',
    'Basic auth credentials: the same user name and password. Received mails: the inbound stream → ' +
      'Settings → Webhook, as https://user:password@…',
  ],
  sample: {
    body: {
      RecordType: 'Bounce',
      MessageStream: 'outbound',
      ID: 42,
      Type: 'HardBounce',
      TypeCode: 1,
      MessageID: '883953f4-6105-42a2-a16a-77a8eac79483',
      Email: 'zoe@example.com',
      Subject: 'Your order',
      BouncedAt: '2026-11-28T20:00:00Z',
    },
  },
  event: { property: 'RecordType' },
  proof: tokenProof(({ username }) => ({ username })),
  reads: ['RecordType', 'MessageID', 'OriginalLink', ...RECIPIENTS, ...TIMES],
  deliveryId: ({ payload }) => {
    const id = valueAt(payload, 'MessageID');
    const first = (names: string[]) =>
      names.map((name) => valueAt(payload, name)).find((value) => value !== undefined);
    const link = valueAt(payload, 'OriginalLink');
    // The id is last: it is the one that people see.
    const about = [valueAt(payload, 'RecordType'), first(TIMES), first(RECIPIENTS), link, id];
    return typeof id === 'string' ? about.join(' ') : undefined;
  },
};
