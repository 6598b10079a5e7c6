import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import type { Scheme } from '../scheme.js';

/**
 * Stripe. https://docs.stripe.com/webhooks/signatures
 *
 * The header has one signature for each active secret of the endpoint; only scheme v1 counts. A retried event
 * keeps its id, while the rest of it may differ: https://docs.stripe.com/webhooks#handle-duplicate-events
 */
export const stripe: Scheme<SignatureConfigOf<'stripe'>> = {
  docs: 'https://docs.stripe.com/webhooks/quickstart',
  steps: [
    'Workbench → Webhooks → Add destination.',
    'Choose the events: each one starts a run. Endpoint URL: the webhook URL.',
    'On the new endpoint’s page: Signing secret → Reveal, and paste it here.',
    'Test mode and live mode have separate secrets.',
  ],
  sample: {
    body: {
      id: 'evt_1OqZ4h2eZvKYlo2C',
      object: 'event',
      type: 'invoice.paid',
      pending_webhooks: 1,
      data: { object: { id: 'in_1', customer_name: 'Zoë', amount_paid: 1999, currency: 'eur' } },
    },
  },
  event: { property: 'type' },
  proof: hmacProof(
    {
      ...SHA256_HEX,
      header: 'Stripe-Signature',
      separator: ',',
      prefix: 'v1=',
      timestampPrefix: 't=',
      content: '{timestamp}.{body}',
    },
    {
      faultOfSecret: (secret) =>
        secret.startsWith('whsec_')
          ? undefined
          : 'must be the signing secret of the endpoint, which starts with whsec_',
    },
  ),
  reads: ['id'],
  deliveryId: ({ payload }) => valueAt(payload, 'id'),
};
