import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import { headerOf, type Scheme, type SenderRequest } from '../scheme.js';

const FIELD = 'payload=';

/** Gitea signs the JSON, which a form has in its only field. */
function signedText(request: SenderRequest): Buffer | string | undefined {
  const { body } = request;
  if (!headerOf(request, 'content-type')?.startsWith('application/x-www-form-urlencoded')) return body;
  const text = body.toString('latin1');
  if (!text.startsWith(FIELD) || text.includes('&')) return undefined;
  try {
    return decodeURIComponent(text.slice(FIELD.length).replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/** Gitea and Forgejo. https://docs.gitea.com/usage/webhooks */
export const gitea: Scheme<SignatureConfigOf<'gitea'>> = {
  docs: 'https://docs.gitea.com/usage/webhooks',
  steps: [
    'In the repository: Settings → Webhooks → Add webhook → Gitea (or Forgejo).',
    'Target URL: the webhook URL. HTTP method: POST. POST content type: application/json.',
    'Secret: the one you save here.',
    'Trigger on: only the events that the agent needs.',
    'Test delivery sends a real push event, which runs the agent.',
  ],
  generates: 'hex',
  sample: {
    headers: { 'X-Gitea-Event': 'issues', 'X-Gitea-Delivery': 'f6266f16-1bf3-46a5-9ea4-602e06ead473' },
    body: {
      action: 'opened',
      number: 7,
      issue: { number: 7, title: 'Checkout fails', state: 'open', user: { login: 'zoe' } },
      repository: { full_name: 'acme/shop' },
      sender: { login: 'zoe' },
    },
  },
  event: { header: 'X-Gitea-Event' },
  proof: hmacProof({
    ...SHA256_HEX,
    header: 'X-Gitea-Signature',
    content: (_given, request) => {
      const text = signedText(request);
      return text === undefined ? undefined : [text];
    },
  }),
  unfolds: 'payload',
  idHeader: () => 'X-Gitea-Delivery',
};
