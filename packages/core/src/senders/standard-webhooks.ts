import type { SignatureConfigOf } from '@agenthook/contracts';
import { isDigest, type RequestHeaders, type Scheme, SHA256_BASE64 } from './scheme.js';

const PREFIX = 'whsec_';

/**
 * The prefix of a request's headers. If both families are present, it must select the one that is verified.
 */
const familyOf = (headers: RequestHeaders): string =>
  headers['webhook-signature'] === undefined && headers['svix-signature'] !== undefined ? 'svix' : 'webhook';

/**
 * Standard Webhooks.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 *
 * The standard comes from Svix, which signs the same way under svix-… header names. Those count if the others
 * are absent. Signatures are separated by spaces; only those of v1 (HMAC) count.
 */
export const standardWebhooks: Scheme<SignatureConfigOf<'standard-webhooks'>> = {
  proofHeaders: (_signature, headers) => {
    const family = familyOf(headers);
    return [`${family}-signature`, `${family}-timestamp`, `${family}-id`];
  },
  form: () => 'v1,… with spaces between several',
  read: ([value = '', timestamp, id]) => {
    const given = value.split(' ').map((item) => /^(v\d+a?),([^,\s]+)$/.exec(item));
    if (given.includes(null)) return { signatures: [] };
    const signatures = given.filter((item) => item?.[1] === 'v1').map((item) => item?.[2] ?? '');
    return { signatures: signatures.filter((item) => isDigest(item, 'base64')), timestamp, id };
  },
  hashing: () => SHA256_BASE64,
  key: (secret) =>
    secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : Buffer.from(secret),
  content: ({ id = '', timestamp = '' }, body) => [`${id}.${timestamp}.`, body],
  write: ({ digest, timestamp, id }) => ({
    'webhook-signature': `v1,${digest}`,
    'webhook-timestamp': timestamp,
    'webhook-id': id,
  }),
  faultOfSecret: (secret) =>
    !secret.startsWith(PREFIX) || /^[A-Za-z0-9+/_-]+={0,2}$/.test(secret.slice(PREFIX.length))
      ? undefined
      : 'must have base64 after whsec_',
  deliveryId: (headers) => headers[`${familyOf(headers)}-id`],
};
