import type { SignatureConfigOf } from '@agenthook/contracts';
import { readPrefixed, type Scheme, SHA256_HEX } from './scheme.js';

const HEADER = 'X-Hub-Signature-256';
const PREFIX = 'sha256=';

/**
 * GitHub. https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 *
 * `ping` is what GitHub sends when a webhook is made: nobody wants an agent to run for it. A delivery that is sent again,
 * from GitHub's page too, keeps its id.
 */
export const github: Scheme<SignatureConfigOf<'github'>> = {
  proofHeaders: () => [HEADER],
  form: () => 'sha256= and 64 hex digits',
  read: ([value = '']) => ({ signatures: readPrefixed(value, PREFIX, SHA256_HEX) }),
  hashing: () => SHA256_HEX,
  content: (_proof, body) => [body],
  write: ({ digest, id }) => ({ [HEADER]: PREFIX + digest, 'X-GitHub-Delivery': id }),
  deliveryId: (headers) => headers['x-github-delivery'],
  handshake: (headers) => (headers['x-github-event'] === 'ping' ? { message: 'pong' } : undefined),
};
