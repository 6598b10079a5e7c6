import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { claimOf, jwtProof } from '../proofs/jwt.js';
import { headerOf, type Scheme } from '../scheme.js';

/**
 * Netlify: deploys and forms. https://docs.netlify.com/deploy/deploy-notifications/#payload-signature
 *
 * The token of X-Webhook-Signature has the hash of the body. A deploy has an event for each of its states.
 */
export const netlify: Scheme<SignatureConfigOf<'netlify'>> = {
  docs: 'https://docs.netlify.com/deploy/deploy-notifications/',
  steps: [
    'In the project: Project configuration → Notifications → Deploy notifications (or Forms → Form submission ' +
      'notifications) → Add notification → HTTP POST request.',
    'Event to listen for: the one that the agent needs. URL to notify: the webhook URL.',
    'JWS secret token: the one you save here. Save.',
  ],
  generates: 'hex',
  sample: {
    headers: { 'X-Netlify-Event': 'deploy_failed' },
    body: {
      id: '65f1c2a8d3b4e50008a1b2c3',
      site_id: '3970e0fe-8564-4903-9a55-c5f8de49fb8b',
      name: 'shop',
      state: 'error',
      branch: 'main',
      context: 'production',
      error_message: 'Build script returned non-zero exit code: 2',
      admin_url: 'https://app.netlify.com/projects/shop',
    },
  },
  event: { header: 'X-Netlify-Event' },
  proof: jwtProof({
    header: 'X-Webhook-Signature',
    bodyClaim: 'sha256',
    faultOfClaims: (claims) =>
      claimOf(claims, 'iss') === 'netlify'
        ? undefined
        : 'the token of X-Webhook-Signature is not from Netlify',
    claims: () => ({ iss: 'netlify' }),
  }),
  reads: ['id', 'state', 'updated_at'],
  deliveryId: ({ headers, payload }) => {
    const id = valueAt(payload, 'id');
    const event = headerOf({ headers }, 'X-Netlify-Event');
    const parts = [event, valueAt(payload, 'state'), valueAt(payload, 'updated_at'), id];
    return typeof id === 'string' ? parts.filter((part) => part !== undefined).join(' ') : undefined;
  },
};
