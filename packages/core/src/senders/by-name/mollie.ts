import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import { emptyAnswer, headerOf, type Scheme } from '../scheme.js';

const HEADER = 'X-Mollie-Signature';
const PREFIX = 'sha256=';

/**
 * Mollie's webhooks with events. https://docs.mollie.com/reference/webhooks-new
 *
 * Its libraries expect `sha256=` before the signature, its manual does not. The classic webhooks of a
 * payment, a form with an id alone, are not signed. While a secret is replaced, Mollie signs with both.
 */
export const mollie: Scheme<SignatureConfigOf<'mollie'>> = {
  docs: 'https://docs.mollie.com/reference/webhooks-new',
  steps: [
    'At my.mollie.com: Developers → Webhooks → Create webhook.',
    'URL: the webhook URL. Events: only those that the agent needs. Payload: full, or simple with the id alone.',
    'Create, then copy the signing secret, and save it here. The test of the URL is answered and runs nothing.',
  ],
  sample: {
    body: {
      resource: 'event',
      id: 'event_GvJ8WHrp5isUdRub9CJyH',
      type: 'payment-link.paid',
      entityId: 'pl_qng5gbbv8NAZ5gpM5ZYgx',
      createdAt: '2026-11-28T20:00:00.0Z',
    },
  },
  event: { property: 'type' },
  proof: hmacProof((_config, headers) => ({
    ...SHA256_HEX,
    header: HEADER,
    // Two headers arrive as one.
    separator: ', ',
    prefix: headerOf({ headers }, HEADER)?.startsWith(PREFIX) === false ? '' : PREFIX,
    form: 'sha256= and 64 hex digits',
  })),
  reads: ['id', 'type'],
  handshake: ({ payload }) => (valueAt(payload, 'type') === 'hook.ping' ? emptyAnswer() : undefined),
  deliveryId: ({ payload }) => valueAt(payload, 'id'),
};
