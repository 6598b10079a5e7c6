import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof } from '../proofs/hmac.js';
import type { Proof } from '../proofs/proof.js';
import { tokenProof } from '../proofs/token.js';
import { headerOf, type Scheme } from '../scheme.js';
import { faultOfStandardSecret, standardRecipe } from './standard-webhooks.js';

type Config = SignatureConfigOf<'gitlab'>;

/** https://docs.gitlab.com/user/project/integrations/webhooks/#signing-tokens: Standard Webhooks. */
const signing: Proof<Config> = hmacProof(standardRecipe('webhook'));
/** The classic secret token, which does not cover the body. */
const classic: Proof<Config> = tokenProof(() => ({ header: 'X-Gitlab-Token' }));

const isSigning = (secret: string): boolean => secret.startsWith('whsec_');

/**
 * GitLab. https://docs.gitlab.com/user/project/integrations/webhooks/
 *
 * A signing token begins with whsec_. A request that has only the classic token does not satisfy it.
 */
export const gitlab: Scheme<Config> = {
  docs: 'https://docs.gitlab.com/user/project/integrations/webhooks/',
  steps: [
    'In the project (or group): Settings → Webhooks → Add new webhook.',
    'URL: the webhook URL.',
    'Signing token: paste the one that GitLab shows (whsec_…) here. Older versions: enter a secret token of your own.',
    'Trigger: only the events that the agent needs. Add webhook.',
    'Test → Push events sends a real event, which runs the agent.',
  ],
  sample: {
    headers: {
      'X-Gitlab-Event': 'Issue Hook',
      'X-Gitlab-Event-UUID': 'c98f5058-6930-4bd8-a4d3-20f3ad2b6220',
      'Idempotency-Key': 'f5e5f430-f57b-4e6e-9fac-d9128cd7232f',
    },
    body: {
      object_kind: 'issue',
      user: { name: 'Zoë', username: 'zoe' },
      project: { path_with_namespace: 'acme/shop', web_url: 'https://gitlab.com/acme/shop' },
      object_attributes: { iid: 23, title: 'Checkout fails', state: 'opened', action: 'open' },
    },
  },
  event: { header: 'X-Gitlab-Event' },
  proof: {
    fault: (request, config, given) => {
      const { keys } = given;
      const faults = [
        signing.fault(request, config, { ...given, keys: keys.filter(isSigning) }),
        classic.fault(request, config, { ...given, keys: keys.filter((key) => !isSigning(key)) }),
      ];
      const at = keys.some(isSigning) ? 0 : 1;
      return faults.includes(undefined) ? undefined : faults[at];
    },
    sign: (request, config, secret, made) => {
      const { sign } = isSigning(secret) ? signing : classic;
      return sign?.(request, config, secret, made) ?? { headers: {} };
    },
    hides: () => ({ headers: ['X-Gitlab-Token', 'webhook-signature'] }),
    faultOfSecret: (secret) => faultOfStandardSecret(secret),
  },
  // GitLab from 17.4 on sends its own Idempotency-Key, which counts first.
  deliveryId: (event) => headerOf(event, 'webhook-id') ?? headerOf(event, 'X-Gitlab-Event-UUID'),
};
