import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import type { Scheme } from '../scheme.js';

/**
 * Jira, Cloud and Data Center.
 * https://developer.atlassian.com/cloud/jira/platform/webhooks/#secure-admin-webhooks
 */
export const jira: Scheme<SignatureConfigOf<'jira'>> = {
  docs: 'https://developer.atlassian.com/cloud/jira/platform/webhooks/',
  steps: [
    'Jira settings → System → WebHooks → Create a WebHook.',
    'URL: the webhook URL. Secret: Generate secret, and paste it here.',
    'Choose the events, and a JQL filter if only some issues matter: each event is a run.',
    'Without a secret, Jira does not sign: leave it empty here too.',
  ],
  sample: {
    headers: { 'X-Atlassian-Webhook-Identifier': '3b9a27f3-8f51-4d5c-9f0e-8b5f0f0d7a11' },
    body: {
      timestamp: 1795896000000,
      webhookEvent: 'jira:issue_created',
      user: { accountId: '5b10a2844c20165700ede21g', displayName: 'Zoë' },
      issue: { id: '10002', key: 'SHOP-7', fields: { summary: 'Checkout fails', status: { name: 'To Do' } } },
    },
  },
  event: { property: 'webhookEvent' },
  proof: hmacProof({ ...SHA256_HEX, header: 'X-Hub-Signature', prefix: 'sha256=' }),
  idHeader: () => 'X-Atlassian-Webhook-Identifier',
};
