import type { SignatureConfigOf } from '@agenthook/contracts';
import { readPrefixed, type Scheme, SHA256_BASE64 } from './scheme.js';

const HEADER = 'X-Shopify-Hmac-Sha256';

/**
 * Shopify. https://shopify.dev/docs/apps/build/webhooks/subscribe/https
 *
 * X-Shopify-Event-Id identifies a delivery (https://shopify.dev/docs/apps/build/webhooks/ignore-duplicates)
 * within its topic, because one event may be sent under several topics. Some senders of the same form send
 * only X-Shopify-Webhook-Id.
 */
export const shopify: Scheme<SignatureConfigOf<'shopify'>> = {
  proofHeaders: () => [HEADER],
  form: () => '44 characters of base64',
  read: ([value = '']) => ({ signatures: readPrefixed(value, '', SHA256_BASE64) }),
  hashing: () => SHA256_BASE64,
  content: (_proof, body) => [body],
  write: ({ digest, id }) => ({ [HEADER]: digest, 'X-Shopify-Event-Id': id }),
  deliveryId: (headers) => {
    const id = headers['x-shopify-event-id'] ?? headers['x-shopify-webhook-id'];
    return typeof id === 'string' ? `${headers['x-shopify-topic'] ?? ''} ${id}` : undefined;
  },
};
