import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import { emptyAnswer, headerOf, type Scheme } from '../scheme.js';

/**
 * Bitbucket, Cloud and Data Center. https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/
 *
 * Data Center's “Test connection” is signed or not, depending on its version.
 */
export const bitbucket: Scheme<SignatureConfigOf<'bitbucket'>> = {
  docs: 'https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/',
  steps: [
    'In the repository: Repository settings → Webhooks → Add webhook.',
    'URL: the webhook URL. Secret: the one you save here.',
    'Triggers: only the events that the agent needs. Save.',
    'On Data Center, Test connection is answered with 200 and runs nothing.',
  ],
  generates: 'hex',
  sample: {
    headers: {
      'X-Event-Key': 'pullrequest:created',
      'X-Request-UUID': '4cf5f4c6-8cb4-4c4f-a0a0-9f3b3c8a9b61',
      'X-Attempt-Number': '1',
    },
    body: {
      pullrequest: { id: 7, title: 'Größe', state: 'OPEN', author: { display_name: 'Zoë' } },
      repository: { full_name: 'acme/shop' },
      actor: { display_name: 'Zoë' },
    },
  },
  event: { header: 'X-Event-Key' },
  proof: hmacProof({ ...SHA256_HEX, header: 'X-Hub-Signature', prefix: 'sha256=' }),
  greet: (request) => (headerOf(request, 'X-Event-Key') === 'diagnostics:ping' ? emptyAnswer() : undefined),
  idHeader: () => 'X-Request-UUID',
  // Data Center calls it X-Request-Id.
  deliveryId: (event) => headerOf(event, 'X-Request-UUID') ?? headerOf(event, 'X-Request-Id'),
};
