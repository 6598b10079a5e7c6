import { createHmac } from 'node:crypto';

/**
 * The headers that sign a callback, as Standard Webhooks has them (spec/standard-webhooks.md, "Webhook headers" and
 * "Signature scheme"): one signature by each key, with spaces between, so that a secret can be rotated.
 *
 * @param now ms since the epoch; goes out in seconds
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
