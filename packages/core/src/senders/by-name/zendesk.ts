import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof, SHA256_BASE64 } from '../proofs/hmac.js';
import type { Scheme } from '../scheme.js';

/**
 * Zendesk. https://developer.zendesk.com/documentation/webhooks/verifying/
 *
 * Before a webhook is created, Zendesk signs its tests with a secret that its manual publishes.
 */
export const zendesk: Scheme<SignatureConfigOf<'zendesk'>> = {
  docs: 'https://developer.zendesk.com/documentation/webhooks/verifying/',
  steps: [
    'Admin Center → Apps and integrations → Webhooks → Create webhook: choose the events, or trigger or automation.',
    'Endpoint URL: the webhook URL. Method POST, format JSON. Create webhook.',
    'In the webhook: Signing secret → Reveal secret. Save it here. Tests before that are refused.',
  ],
  sample: {
    headers: {
      'X-Zendesk-Webhook-Id': '01GDSWYJ2NN5H6HKQ7T1XYZABC',
      'X-Zendesk-Webhook-Invocation-Id': '01GDSX2ZV8T8QZ4Y9G2YF7N6WM',
    },
    body: {
      account_id: 22_129_848,
      id: 'cbe4028c-7239-495d-b020-f22348516046',
      type: 'zen:event-type:ticket.created',
      subject: 'zen:ticket:35436',
      time: '2026-11-28T20:00:00Z',
      detail: { id: '35436', subject: 'Where is my order?', status: 'NEW', priority: 'HIGH' },
      event: {},
      zendesk_event_version: '2022-11-06',
    },
  },
  event: { property: 'type' },
  proof: hmacProof({
    ...SHA256_BASE64,
    header: 'X-Zendesk-Webhook-Signature',
    timestampHeader: 'X-Zendesk-Webhook-Signature-Timestamp',
    timeForm: 'rfc3339',
    content: '{timestamp}{body}',
    form: '44 characters of base64',
  }),
  idHeader: () => 'X-Zendesk-Webhook-Invocation-Id',
};
