import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { tokenProof } from '../proofs/token.js';
import { echoed, headerOf, jsonAnswer, type Scheme } from '../scheme.js';

/**
 * Okta event hooks. https://developer.okta.com/docs/concepts/event-hooks/
 *
 * Okta does not sign; it sends a header of the owner's choice. A retry keeps the eventId.
 */
export const okta: Scheme<SignatureConfigOf<'okta'>> = {
  docs: 'https://developer.okta.com/docs/concepts/event-hooks/',
  steps: [
    'Choose a long random secret, and save it here first.',
    'Workflow → Event Hooks → Create Event Hook. Endpoint URL: the webhook URL.',
    'Authentication field: Authorization. Authentication secret: the one you saved. Subscribe to events.',
    'Save & Continue, then Verify. Okta sends a challenge, which is answered at once.',
  ],
  sample: {
    body: {
      eventType: 'com.okta.event_hook',
      eventTypeVersion: '1.0',
      cloudEventsVersion: '0.1',
      eventId: 'b5a188b9-5ece-4636-b041-482ffda96311',
      eventTime: '2026-11-28T20:00:00.000Z',
      source: 'https://example.okta.com/api/v1/eventHooks/whoql0HfiLGPWc8Jx0g3',
      data: {
        events: [
          {
            uuid: 'bf7bd5fa-61a6-4b6f-a2ad-ed5a0d0a0a5b',
            eventType: 'user.lifecycle.create',
            displayMessage: 'Create okta user',
            severity: 'INFO',
            actor: { displayName: 'Zoë', type: 'User' },
          },
        ],
      },
    },
  },
  event: { property: 'data.events.0.eventType' },
  proof: tokenProof(({ header = 'Authorization' }) => ({ header })),
  reads: ['eventId'],
  greet: (request) => {
    const verification =
      request.method === 'GET' ? echoed(headerOf(request, 'X-Okta-Verification-Challenge')) : undefined;
    return verification === undefined ? undefined : jsonAnswer({ verification });
  },
  deliveryId: ({ payload }) => valueAt(payload, 'eventId'),
};
