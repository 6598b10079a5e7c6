import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import { emptyAnswer, type Scheme } from '../scheme.js';

/**
 * CircleCI. https://circleci.com/docs/guides/integration/outbound-webhooks/
 *
 * A retry keeps the id of its event. Test Ping Event sends a ping, which runs nothing.
 */
export const circleci: Scheme<SignatureConfigOf<'circleci'>> = {
  docs: 'https://circleci.com/docs/guides/integration/outbound-webhooks/',
  steps: [
    'Project settings → Webhooks → Add Webhook. Receiver URL: the webhook URL.',
    'Secret token: the one that you save here. Events: workflow-completed, job-completed.',
    'Test Ping Event, then Save Webhook.',
  ],
  sample: {
    headers: { 'circleci-event-type': 'workflow-completed' },
    body: {
      type: 'workflow-completed',
      id: '3888f21b-eaa7-38e3-8f3d-75a63bba8895',
      happened_at: '2026-11-28T20:00:00.000Z',
      project: { slug: 'github/acme/shop' },
      workflow: { id: 'fda08377-fe7e-46b1-8992-3a7aaecac9c3', name: 'build', status: 'failed' },
    },
  },
  event: { header: 'circleci-event-type' },
  proof: hmacProof({ ...SHA256_HEX, header: 'circleci-signature', separator: ',', prefix: 'v1=' }),
  reads: ['id', 'type'],
  handshake: ({ payload }) => (valueAt(payload, 'type') === 'ping' ? emptyAnswer() : undefined),
  deliveryId: ({ payload }) => valueAt(payload, 'id'),
};
