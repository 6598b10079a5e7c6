import { createHmac } from 'node:crypto';

/**
 * The headers that sign a callback, as Standard Webhooks defines them (spec/standard-webhooks.md, "Webhook
 * headers" and "Signature scheme"): one signature per key, separated by spaces, so that secrets can be
 * rotated.
 *
 * @param now ms since the epoch; the header has seconds
 */
export function signedHeaders(keys: Buffer[], id: string, now: number, body: string): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const content = `${id}.${timestamp}.${body}`;
  const signatures = keys.map((key) => `v1,${createHmac('sha256', key).update(content).digest('base64')}`);
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
