import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof } from '../proofs/hmac.js';
import { headerOf, type Scheme } from '../scheme.js';
import { familyOf, faultOfStandardSecret, standardRecipe, standardWebhooks } from './standard-webhooks.js';

/** Svix, which signs as Standard Webhooks. https://docs.svix.com/receiving/verifying-payloads/how-manual */
export const svix: Scheme<SignatureConfigOf<'svix'>> = {
  ...standardWebhooks,
  idHeader: () => 'svix-id',
  proof: hmacProof((_config, headers) => standardRecipe(familyOf(headers, 'svix')), {
    faultOfSecret: faultOfStandardSecret,
  }),
  deliveryId: (event) => headerOf(event, `${familyOf(event.headers, 'svix')}-id`),
  docs: 'https://docs.svix.com/receiving/introduction',
  steps: [
    'For every sender whose webhooks Svix delivers, such as Clerk, Resend or Brex.',
    'In its webhook portal: Endpoints → Add Endpoint. Endpoint URL: the webhook URL. Choose the events. Create.',
    'On the endpoint’s page: Signing Secret → show, and paste it here (whsec_…).',
    'Testing → Send Example sends a signed example, which runs the agent.',
  ],
};
