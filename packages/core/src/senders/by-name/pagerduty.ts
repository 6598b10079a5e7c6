import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import { emptyAnswer, headerOf, type Scheme } from '../scheme.js';

/**
 * PagerDuty, webhooks of version 3. https://developer.pagerduty.com/docs/verifying-webhook-signatures
 *
 * The header has one signature for each active secret. “Send test event” is `pagey.ping`, which runs nothing.
 */
export const pagerduty: Scheme<SignatureConfigOf<'pagerduty'>> = {
  docs: 'https://developer.pagerduty.com/docs/webhooks-overview',
  steps: [
    'Integrations → Generic Webhooks (v3) → New Webhook.',
    'Webhook URL: the webhook URL. Scope and events: only what the agent needs. Add Webhook.',
    'The secret is shown once: paste it here.',
    'Send Test Event is answered with 200 and runs nothing.',
  ],
  sample: {
    headers: { 'X-Webhook-Id': '5f6a3e2d-9d0f-4b9b-8d86-7a8f0f6f4e11' },
    body: {
      event: {
        id: '01BWDWL3NYY7LUFPZCC28QUCMK',
        event_type: 'incident.triggered',
        resource_type: 'incident',
        occurred_at: '2026-11-28T20:00:00.458Z',
        data: { id: 'PGR0VU2', type: 'incident', title: 'A little bump in the road', urgency: 'high' },
      },
    },
  },
  event: { property: 'event.event_type' },
  proof: hmacProof({ ...SHA256_HEX, header: 'X-PagerDuty-Signature', separator: ',', prefix: 'v1=' }),
  reads: ['event.id', 'event.event_type'],
  handshake: ({ payload }) =>
    valueAt(payload, 'event.event_type') === 'pagey.ping' ? emptyAnswer() : undefined,
  deliveryId: (event) => valueAt(event.payload, 'event.id') ?? headerOf(event, 'X-Webhook-Id'),
};
