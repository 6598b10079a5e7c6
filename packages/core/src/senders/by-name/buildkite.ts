import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import { tokenProof } from '../proofs/token.js';
import type { RequestHeaders } from '../request.js';
import type { Scheme } from '../scheme.js';

type Config = SignatureConfigOf<'buildkite'>;

const HEADER = 'X-Buildkite-Signature';
const signed = hmacProof<Config>({
  ...SHA256_HEX,
  header: HEADER,
  separator: ',',
  timestampPrefix: 'timestamp=',
  prefix: 'signature=',
  content: '{timestamp}.{body}',
});
const sent = tokenProof<Config>(() => ({ header: 'X-Buildkite-Token' }));

const proofOf = (headers: RequestHeaders) =>
  headers[HEADER.toLowerCase()] === undefined && headers['x-buildkite-token'] !== undefined ? sent : signed;

/**
 * Buildkite. https://buildkite.com/docs/apis/webhooks/pipelines
 *
 * A service sends its token, or signs with it. A signature decides if there is one.
 */
export const buildkite: Scheme<SignatureConfigOf<'buildkite'>> = {
  docs: 'https://buildkite.com/docs/apis/webhooks',
  steps: [
    'Organization settings → Notification Services → Add → Webhook. Webhook URL: the webhook URL.',
    'Token: copy it here. Choose “Send an HMAC signature”.',
    'Events: only those that the agent needs. Add Webhook Notification.',
  ],
  sample: {
    headers: { 'X-Buildkite-Event': 'build.finished' },
    body: {
      event: 'build.finished',
      build: {
        id: 'f62a1b4d-10f9-4790-bc1c-e2c3a0c80983',
        number: 1,
        state: 'failed',
        web_url: 'https://buildkite.com/acme/shop/builds/1',
      },
      pipeline: { slug: 'shop' },
      sender: { name: 'Zoë' },
    },
  },
  event: { header: 'X-Buildkite-Event' },
  proof: {
    ...signed,
    fault: (request, config, keys) => proofOf(request.headers).fault(request, config, keys),
    hides: (config) => ({ headers: [...signed.hides(config).headers, ...sent.hides(config).headers] }),
  },
};
