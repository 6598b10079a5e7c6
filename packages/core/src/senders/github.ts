import type { SignatureConfigOf } from '@agenthook/contracts';
import { jsonAnswer, readPrefixed, type Scheme, SHA256_HEX } from './scheme.js';

const HEADER = 'X-Hub-Signature-256';
const PREFIX = 'sha256=';

/**
 * GitHub. https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 *
 * GitHub sends `ping` when a webhook is created; it should not run the agent. A redelivery, including one
 * from GitHub's page, keeps its id.
 */
export const github: Scheme<SignatureConfigOf<'github'>> = {
  proofHeaders: () => [HEADER],
  form: () => 'sha256= and 64 hex digits',
  read: ([value = '']) => ({ signatures: readPrefixed(value, PREFIX, SHA256_HEX) }),
  hashing: () => SHA256_HEX,
  content: (_proof, body) => [body],
  write: ({ digest, id }) => ({ [HEADER]: PREFIX + digest, 'X-GitHub-Delivery': id }),
  deliveryId: (headers) => headers['x-github-delivery'],
  handshake: (headers) =>
    headers['x-github-event'] === 'ping' ? jsonAnswer({ message: 'pong' }) : undefined,
};
