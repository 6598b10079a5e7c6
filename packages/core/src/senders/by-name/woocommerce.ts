import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof, SHA256_BASE64 } from '../proofs/hmac.js';
import { emptyAnswer, headerOf, type Scheme } from '../scheme.js';

/** The whole body with which WooCommerce tests a URL. */
const PING = /^webhook_id=\d{1,20}$/;

/**
 * WooCommerce. https://woocommerce.com/document/webhooks/
 *
 * Its X-WC-Webhook-Delivery-ID is a hash of the webhook and the second, which several events share. It sends
 * nothing again. When a webhook is saved, WooCommerce posts an unsigned form, and activates it only if that
 * gets a 2xx.
 */
export const woocommerce: Scheme<SignatureConfigOf<'woocommerce'>> = {
  docs: 'https://woocommerce.com/document/webhooks/',
  steps: [
    'WooCommerce → Settings → Advanced → Webhooks → Add webhook.',
    'Status: Active. Topic: the event that the agent needs. API version: v3.',
    'Delivery URL: the webhook URL. Secret: the one you save here.',
    'Save webhook: WooCommerce tests the URL, which runs nothing.',
  ],
  generates: 'hex',
  sample: {
    headers: {
      'X-WC-Webhook-Topic': 'order.created',
      'X-WC-Webhook-Source': 'https://shop.example.com/',
      'X-WC-Webhook-Delivery-ID': 'd7d7b3d1c3b74b95b9f0f5d7a5c2c7f0',
    },
    body: { id: 727, status: 'processing', total: '29.99', billing: { first_name: 'Zoë' } },
  },
  event: { header: 'X-WC-Webhook-Topic' },
  proof: hmacProof({ ...SHA256_BASE64, header: 'X-WC-Webhook-Signature' }),
  greet: (request) =>
    headerOf(request, 'X-WC-Webhook-Signature') === undefined &&
    PING.test(request.body.toString('latin1', 0, 50))
      ? emptyAnswer()
      : undefined,
};
