import { type SenderRequest, withLowerNames } from '../src/senders/request.js';

/** A request to a webhook, with what a test gives. An object is sent as JSON. */
export function senderRequest({
  query = '',
  body = '',
  headers = {},
  method = 'POST',
}: {
  method?: string;
  query?: string;
  headers?: Record<string, string | string[]>;
  body?: object | string;
} = {}): SenderRequest {
  const path = '/api/webhooks/agents/whk_TOKEN';
  return {
    method,
    query,
    url: query === '' ? path : `${path}?${query}`,
    publicUrl: 'https://hooks.example.com',
    headers: withLowerNames(headers),
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  };
}
