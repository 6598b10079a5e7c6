import type { SignatureConfigOf } from '@agenthook/contracts';
import { isDigest, propertyOf, type Scheme, SHA256_HEX } from './scheme.js';

const HEADER = 'Stripe-Signature';

/** The items of `t=…,v1=…,v0=…`; undefined if one is malformed. */
function itemsOf(value: string): [name: string, value: string][] | undefined {
  const items = value.split(',').map((item) => /^([a-z][a-z0-9]*)=([^=\s]+)$/.exec(item)?.slice(1));
  return items.every((item) => item !== undefined) ? (items as [string, string][]) : undefined;
}

/**
 * Stripe. https://docs.stripe.com/webhooks/signatures
 *
 * The header has one signature for each active secret of the endpoint; only scheme v1 counts. A retried event
 * keeps its id, while the rest of it may differ: https://docs.stripe.com/webhooks#handle-duplicate-events
 */
export const stripe: Scheme<SignatureConfigOf<'stripe'>> = {
  proofHeaders: () => [HEADER],
  form: () => 't=…,v1=…',
  read: ([header = '']) => {
    const items = itemsOf(header) ?? [];
    const all = (wanted: string) => items.filter(([name]) => name === wanted).map(([, value]) => value);
    const [timestamp, ...more] = all('t');
    if (timestamp === undefined || more.length > 0) return { signatures: [] };
    return { signatures: all('v1').filter((value) => isDigest(value, 'hex')), timestamp };
  },
  hashing: () => SHA256_HEX,
  content: ({ timestamp = '' }, body) => [`${timestamp}.`, body],
  write: ({ digest, timestamp }) => ({ [HEADER]: `t=${timestamp},v1=${digest}` }),
  faultOfSecret: (secret) =>
    secret.startsWith('whsec_')
      ? undefined
      : 'must be the signing secret of the endpoint, which starts with whsec_',
  deliveryId: (_headers, payload) => propertyOf(payload, 'id'),
};
