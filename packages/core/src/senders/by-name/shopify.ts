import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof, SHA256_BASE64 } from '../proofs/hmac.js';
import { headerOf, type Scheme } from '../scheme.js';

/**
 * Shopify. https://shopify.dev/docs/apps/build/webhooks/subscribe/https
 *
 * X-Shopify-Event-Id identifies a delivery (https://shopify.dev/docs/apps/build/webhooks/ignore-duplicates)
 * within its topic, because one event may be sent under several topics. Some senders of the same form send
 * only X-Shopify-Webhook-Id.
 */
export const shopify: Scheme<SignatureConfigOf<'shopify'>> = {
  docs: 'https://shopify.dev/docs/apps/build/webhooks/subscribe/https',
  steps: [
    'Settings → Notifications → Webhooks: the secret is below the list. Paste it here.',
    'An app uses its client secret instead.',
    'Create webhook: choose the event, format JSON, URL the webhook URL.',
    'Send test sends a made-up order, signed like a real one.',
  ],
  sample: {
    headers: {
      'X-Shopify-Topic': 'orders/create',
      'X-Shopify-Shop-Domain': 'acme.myshopify.com',
      'X-Shopify-Event-Id': '98880550-7158-44d4-b7cd-2c97c8a091b5',
      'X-Shopify-Webhook-Id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
    },
    // Text, because the ids have more digits than a JavaScript number.
    body:
      '{"id":820982911946154508,"name":"#9999","email":"jon@example.com","total_price":"398.00",' +
      '"currency":"USD","line_items":[{"id":866550311766439020,"title":"T-shirt","quantity":1}]}',
  },
  event: { header: 'X-Shopify-Topic' },
  proof: hmacProof({ ...SHA256_BASE64, header: 'X-Shopify-Hmac-Sha256', form: '44 characters of base64' }),
  idHeader: () => 'X-Shopify-Event-Id',
  deliveryId: (event) => {
    const id = headerOf(event, 'X-Shopify-Event-Id') ?? headerOf(event, 'X-Shopify-Webhook-Id');
    return id === undefined ? undefined : `${headerOf(event, 'X-Shopify-Topic') ?? ''} ${id}`;
  },
};
