import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import type { Scheme } from '../scheme.js';

/**
 * Ghost. https://docs.ghost.org/webhooks
 */
export const ghost: Scheme<SignatureConfigOf<'ghost'>> = {
  docs: 'https://docs.ghost.org/webhooks',
  steps: [
    'Settings → Integrations → Add custom integration → Add webhook.',
    'Target URL: the webhook URL. Secret: the one that you save here. Event: the one that the agent needs.',
  ],
  sample: {
    body: {
      post: {
        current: {
          id: '6489b4e8d5c5b30001e3d1a2',
          title: 'Zoë opens a shop',
          status: 'published',
          url: 'https://blog.example.com/shop/',
        },
        previous: { status: 'draft' },
      },
    },
  },
  proof: hmacProof({
    ...SHA256_HEX,
    header: 'X-Ghost-Signature',
    separator: ', ',
    prefix: 'sha256=',
    timestampPrefix: 't=',
    content: '{body}{timestamp}',
  }),
};
