import type { SignatureConfigOf } from '@agenthook/contracts';
import { type HmacRecipe, hmacProof, SHA256_BASE64 } from '../proofs/hmac.js';
import { headerOf, type RequestHeaders, type Scheme } from '../scheme.js';

const PREFIX = 'whsec_';
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** The keys that a secret of Standard Webhooks may stand for. Libraries decode one without a prefix, too. */
function standardKeys(secret: string): Buffer[] {
  if (secret.startsWith(PREFIX)) return [Buffer.from(secret.slice(PREFIX.length), 'base64')];
  const text = Buffer.from(secret);
  return BASE64.test(secret) ? [text, Buffer.from(secret, 'base64')] : [text];
}

export function faultOfStandardSecret(secret: string): string | undefined {
  const versioned = /^v\d+a?,(?=whsec_)/.exec(secret);
  if (versioned !== null)
    return `must not begin with ${versioned[0]}: paste the part after the comma, which begins with whsec_`;
  return !secret.startsWith(PREFIX) || BASE64.test(secret.slice(PREFIX.length))
    ? undefined
    : 'must have base64 after whsec_';
}

/** The signature of Standard Webhooks, whose headers begin with `family`. */
export const standardRecipe = (family: string): HmacRecipe => ({
  ...SHA256_BASE64,
  header: `${family}-signature`,
  timestampHeader: `${family}-timestamp`,
  idHeader: `${family}-id`,
  separator: ' ',
  prefix: 'v1,',
  content: '{id}.{timestamp}.{body}',
  keysOf: standardKeys,
  keyForm: 'whsec',
  form: 'v1,… with spaces between several',
});

/**
 * The prefix of a request's headers. If both families are present, it must select the one that is verified.
 */
export function familyOf(headers: RequestHeaders, preset: 'webhook' | 'svix'): string {
  const other = preset === 'svix' ? 'webhook' : 'svix';
  return headers[`${preset}-signature`] === undefined && headers[`${other}-signature`] !== undefined
    ? other
    : preset;
}

/**
 * Standard Webhooks.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 *
 * The standard comes from Svix, which signs the same way under svix-… header names. Those count if the others
 * are absent. Signatures are separated by spaces; only those of v1 (HMAC) count.
 */
export const standardWebhooks: Scheme<SignatureConfigOf<'standard-webhooks' | 'svix'>> = {
  docs: 'https://www.standardwebhooks.com',
  steps: [
    'For senders that follow standardwebhooks.com, including Svix.',
    'At the sender, add an endpoint with the webhook URL.',
    'Paste the secret that it shows. If it accepts your own, generate one here.',
  ],
  generates: 'whsec',
  sample: { body: { type: 'contact.created', data: { id: 'ct_1', name: 'Zoë' } } },
  event: { property: 'type' },
  proof: hmacProof((_config, headers) => standardRecipe(familyOf(headers, 'webhook')), {
    faultOfSecret: faultOfStandardSecret,
  }),
  idHeader: () => 'webhook-id',
  deliveryId: (event) => headerOf(event, `${familyOf(event.headers, 'webhook')}-id`),
};
