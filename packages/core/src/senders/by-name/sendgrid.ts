import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { publicKeyProof } from '../proofs/public-key.js';
import { onlyOne, type Scheme } from '../scheme.js';

/**
 * SendGrid: the Event Webhook, and Inbound Parse with a signature.
 * https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
 *
 * Events come in batches. Only a batch of one has an id that a retry keeps.
 */
export const sendgrid: Scheme<SignatureConfigOf<'sendgrid'>> = {
  docs: 'https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features',
  steps: [
    'Settings → Mail Settings → Event Webhooks → Create new webhook. Post URL: the webhook URL.',
    'Select the actions that the agent needs. Security features: Enable Signed Event Webhook.',
    'Save, open the webhook again, and save its Verification Key here.',
  ],
  sample: {
    body: [
      {
        email: 'zoe@example.com',
        event: 'bounce',
        type: 'bounce',
        reason: '550 5.1.1 The email account does not exist',
        sg_event_id: 'ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA',
        sg_message_id: 'LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0',
        timestamp: 1_795_896_000,
      },
    ],
  },
  event: { property: '0.event' },
  proof: publicKeyProof('ecdsa', {
    header: 'X-Twilio-Email-Event-Webhook-Signature',
    encoding: 'base64',
    timestampHeader: 'X-Twilio-Email-Event-Webhook-Timestamp',
    content: '{timestamp}{body}',
    form: 'base64 of an ECDSA signature',
  }),
  deliveryId: ({ payload }) => valueAt(onlyOne(payload), 'sg_event_id'),
};
