import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_BASE64 } from '../proofs/hmac.js';
import { emptyAnswer, type Scheme } from '../scheme.js';

/**
 * Xero. https://developer.xero.com/documentation/guides/webhooks/overview/
 *
 * “Intent to receive” is a list without events, signed correctly and then wrongly; the answers must be 200
 * and 401. Xero takes an answer with a body for a failure. Events come in batches, which are numbered.
 */
export const xero: Scheme<SignatureConfigOf<'xero'>> = {
  docs: 'https://developer.xero.com/documentation/guides/webhooks/overview/',
  steps: [
    'At developer.xero.com, in the app: Webhooks → the events that the agent needs. Delivery URL: the webhook URL. Save.',
    'Copy the Webhooks key, and save it here.',
    'Send ‘Intent to receive’. The status is then OK.',
  ],
  sample: {
    body: {
      events: [
        {
          resourceUrl: 'https://api.xero.com/api.xro/2.0/Invoices/717f2bfc-c6d4-41fd-b238-3f2f0c0cf777',
          resourceId: '717f2bfc-c6d4-41fd-b238-3f2f0c0cf777',
          eventDateUtc: '2026-11-28T20:00:00.000',
          eventType: 'UPDATE',
          eventCategory: 'INVOICE',
          tenantId: 'c2cc9b6e-9458-4c7d-93cc-f02b81b0594f',
          tenantType: 'ORGANISATION',
        },
      ],
      firstEventSequence: 7,
      lastEventSequence: 7,
      entropy: 'S0m3r4Nd0mt3xt',
    },
  },
  event: { property: 'events.0.eventCategory' },
  proof: hmacProof({ ...SHA256_BASE64, header: 'x-xero-signature', form: '44 characters of base64' }),
  reads: ['firstEventSequence', 'lastEventSequence'],
  handshake: ({ payload }) => {
    const events = valueAt(payload, 'events');
    return Array.isArray(events) && events.length === 0 ? emptyAnswer() : undefined;
  },
  deliveryId: ({ payload }) => {
    const [first, last] = ['firstEventSequence', 'lastEventSequence'].map((name) => valueAt(payload, name));
    return first === undefined || last === undefined ? undefined : `${first}-${last}`;
  },
  answer: () => emptyAnswer(),
};
