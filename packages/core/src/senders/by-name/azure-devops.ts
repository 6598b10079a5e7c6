import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { tokenProof } from '../proofs/token.js';
import type { Scheme } from '../scheme.js';

/**
 * Azure DevOps: service hooks. https://learn.microsoft.com/en-us/azure/devops/service-hooks/services/webhooks
 *
 * It does not sign; it sends a user and a password. A retry keeps the id of its event.
 */
export const azureDevops: Scheme<SignatureConfigOf<'azure-devops'>> = {
  docs: 'https://learn.microsoft.com/en-us/azure/devops/service-hooks/services/webhooks',
  steps: [
    'Choose a long random password, and save it here, with the user name if you want one.',
    'Project settings → Service hooks → Create subscription → Web Hooks. Choose the event and its filters.',
    'URL: the webhook URL. Basic authentication: the same user name and password.',
    'Test sends an event, which runs the agent. Finish.',
  ],
  sample: {
    body: {
      subscriptionId: '00000000-0000-0000-0000-000000000000',
      notificationId: 1,
      id: '4a5d99d6-1c75-4e53-91b9-ee80057d4ce3',
      eventType: 'build.complete',
      publisherId: 'tfs',
      message: { text: 'Build 20261128.1 failed' },
      resource: { id: 2, buildNumber: '20261128.1', result: 'failed', definition: { name: 'shop' } },
      resourceVersion: '2.0',
      createdDate: '2026-11-28T20:00:00Z',
    },
  },
  event: { property: 'eventType' },
  proof: tokenProof(({ username = '' }) => ({ username })),
  reads: ['id'],
  deliveryId: ({ payload }) => valueAt(payload, 'id'),
};
