import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import type { Scheme } from '../scheme.js';

/**
 * Webflow. https://developers.webflow.com/data/docs/working-with-webhooks
 */
export const webflow: Scheme<SignatureConfigOf<'webflow'>> = {
  docs: 'https://developers.webflow.com/data/docs/working-with-webhooks',
  steps: [
    'Site settings → Apps & integrations → Webhooks → Add webhook, with the webhook URL.',
    'Save the secret key that Webflow shows here. A webhook of an app is signed with its client secret.',
  ],
  sample: {
    body: {
      triggerType: 'form_submission',
      payload: {
        name: 'Contact',
        siteId: '65427cf400e02b306eaa049c',
        data: { 'First Name': 'Zoë', Message: 'Where is my order?' },
        submittedAt: '2026-11-28T20:00:00.000Z',
        id: '6321ca84df3949bfc6752327',
      },
    },
  },
  event: { property: 'triggerType' },
  proof: hmacProof({
    ...SHA256_HEX,
    header: 'x-webflow-signature',
    timestampHeader: 'x-webflow-timestamp',
    content: '{timestamp}:{body}',
  }),
};
