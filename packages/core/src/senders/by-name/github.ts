import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import { headerOf, jsonAnswer, type Scheme } from '../scheme.js';

/**
 * GitHub. https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 *
 * GitHub sends `ping` when a webhook is created; it should not run the agent. A redelivery, including one
 * from GitHub's page, keeps its id.
 */
export const github: Scheme<SignatureConfigOf<'github'>> = {
  docs: 'https://docs.github.com/en/webhooks/using-webhooks/creating-webhooks',
  steps: [
    'In the repository: Settings → Webhooks → Add webhook.',
    'Payload URL: the webhook URL. Content type: application/json (a form works too).',
    'Secret: the one you save here.',
    'Select only the events that the agent needs: each one starts a run.',
    'Add webhook. Under Recent Deliveries, its ping is answered {"message":"pong"}.',
  ],
  generates: 'hex',
  sample: {
    headers: { 'X-GitHub-Event': 'issues', 'X-GitHub-Delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958' },
    body: {
      action: 'opened',
      issue: { number: 7, title: 'The printer is on fire', body: 'Since noon.' },
      repository: { full_name: 'acme/shop' },
      sender: { login: 'zoe' },
    },
  },
  event: { header: 'X-GitHub-Event' },
  proof: hmacProof({
    ...SHA256_HEX,
    header: 'X-Hub-Signature-256',
    prefix: 'sha256=',
    form: 'sha256= and 64 hex digits',
  }),
  unfolds: 'payload',
  idHeader: () => 'X-GitHub-Delivery',
  handshake: (event) =>
    headerOf(event, 'X-GitHub-Event') === 'ping' ? jsonAnswer({ message: 'pong' }) : undefined,
};
