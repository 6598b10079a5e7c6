import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof } from '../proofs/hmac.js';
import type { Scheme } from '../scheme.js';

/**
 * Help Scout. https://developer.helpscout.com/webhooks/
 */
export const helpscout: Scheme<SignatureConfigOf<'helpscout'>> = {
  docs: 'https://developer.helpscout.com/webhooks/',
  steps: [
    'Manage → Apps → Webhooks. Secret key: the one that you save here.',
    'Callback URL: the webhook URL. Events: only those that the agent needs. Save.',
  ],
  sample: {
    headers: { 'X-HelpScout-Event': 'convo.created' },
    body: {
      id: 123456,
      number: 78,
      subject: 'Where is my order?',
      status: 'active',
      customer: { firstName: 'Zoë', email: 'zoe@example.com' },
    },
  },
  event: { header: 'X-HelpScout-Event' },
  proof: hmacProof({
    algorithm: 'sha1',
    encoding: 'base64',
    header: 'X-HelpScout-Signature',
    content: '{body}',
  }),
};
