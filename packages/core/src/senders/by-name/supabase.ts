import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof } from '../proofs/hmac.js';
import type { Proof } from '../proofs/proof.js';
import { tokenProof } from '../proofs/token.js';
import { headerOf, jsonAnswer, type Scheme } from '../scheme.js';
import { standardRecipe } from './standard-webhooks.js';

type Config = SignatureConfigOf<'supabase'>;

/** What Supabase shows before the base64 of a hook's secret. */
const PREFIX = /^(?:v1,)?whsec_/;

/** Auth hooks are signed as Standard Webhooks. */
const signed = hmacProof<Config>({
  ...standardRecipe('webhook'),
  keysOf: (secret) => [Buffer.from(secret.replace(PREFIX, ''), 'base64')],
});
/** Database webhooks have the headers that their owner gave them. */
const sent = tokenProof<Config>(() => ({ header: 'Authorization', prefix: 'Bearer ' }));

const proofOf = (isHook: boolean): Proof<Config> => (isHook ? signed : sent);

/**
 * Supabase: Auth Hooks (https://supabase.com/docs/guides/auth/auth-hooks) and Database Webhooks
 * (https://supabase.com/docs/guides/database/webhooks).
 *
 * The secret decides which of them the agent accepts, so that a bearer token never stands in for a
 * signature.
 */
export const supabase: Scheme<Config> = {
  docs: 'https://supabase.com/docs/guides/database/webhooks',
  steps: [
    'For changes of a table: Database → Webhooks → Create a new hook. Type HTTP Request, method POST, the webhook URL.',
    'Add a header Authorization with the value Bearer and a long random token. Save the token here.',
    'For sign-ups and mails: Authentication → Hooks → Add hook, type HTTPS, the webhook URL. Generate the secret, ' +
      'and save it here as it is shown: v1,whsec_…',
    'Only hooks that need no decision work: a hook is answered {} at once.',
  ],
  sample: {
    body: {
      type: 'INSERT',
      table: 'orders',
      schema: 'public',
      record: { id: 7, customer: 'Zoë', total: 29.99 },
      old_record: null,
    },
  },
  event: { property: 'type' },
  proof: {
    fault: (request, config, given) =>
      proofOf(given.keys.some((key) => PREFIX.test(key))).fault(request, config, given),
    sign: (request, config, key, made) =>
      proofOf(PREFIX.test(key)).sign?.(request, config, key, made) ?? { headers: {} },
    hides: () => ({ headers: ['webhook-signature', 'Authorization'] }),
    faultOfSecret: (secret) =>
      !PREFIX.test(secret) || /^[A-Za-z0-9+/_-]+={0,2}$/.test(secret.replace(PREFIX, ''))
        ? undefined
        : 'must have base64 after whsec_',
  },
  idHeader: () => 'webhook-id',
  answer: (event) => (headerOf(event, 'webhook-id') === undefined ? undefined : jsonAnswer({})),
};
