import { withLowerNames } from './request.js';
import type { Sample, SenderEvent } from './scheme.js';

/** The bytes and headers of a sample, with lower-case names. */
export function eventOfSample({ headers = {}, contentType = 'application/json', body }: Sample): SenderEvent {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    method: 'POST',
    url: '/api/webhooks/agents/whk_sample',
    query: '',
    headers: { 'content-type': contentType, ...withLowerNames(headers) },
    body: Buffer.from(text),
    payload: payloadOf(text, contentType),
  };
}

const payloadOf = (text: string, contentType: string): unknown =>
  contentType === 'application/json' && text !== ''
    ? JSON.parse(text)
    : Object.fromEntries(new URLSearchParams(text));
