import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import type { Scheme } from '../scheme.js';

/**
 * Calendly. https://developer.calendly.com/api-docs/4c305798a61d3-webhook-signatures
 *
 * A delivery has no id of its own.
 */
export const calendly: Scheme<SignatureConfigOf<'calendly'>> = {
  docs: 'https://developer.calendly.com/api-docs/4c305798a61d3-webhook-signatures',
  steps: [
    'Choose a signing key, and save it here.',
    'Create the webhook subscription with Calendly’s API: POST https://api.calendly.com/webhook_subscriptions ' +
      'with url (the webhook URL), events, scope, organization and signing_key (the one you saved).',
  ],
  sample: {
    body: {
      created_at: '2026-11-28T20:00:00.000000Z',
      created_by: 'https://api.calendly.com/users/AAAAAAAAAAAAAAAA',
      event: 'invitee.created',
      payload: {
        email: 'zoe@example.com',
        name: 'Zoë',
        uri: 'https://api.calendly.com/scheduled_events/AAAAAAAAAAAAAAAA/invitees/BBBBBBBBBBBBBBBB',
        scheduled_event: {
          name: '30 Minute Meeting',
          start_time: '2026-12-01T10:00:00.000000Z',
          end_time: '2026-12-01T10:30:00.000000Z',
        },
        questions_and_answers: [{ question: 'What is it about?', answer: 'A new printer', position: 0 }],
      },
    },
  },
  event: { property: 'event' },
  proof: hmacProof({
    ...SHA256_HEX,
    header: 'Calendly-Webhook-Signature',
    prefix: 'v1=',
    separator: ',',
    timestampPrefix: 't=',
    content: '{timestamp}.{body}',
  }),
};
