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
    payload: payloadOf(text),
  };
}

/** JSON under any type, as SNS sends it as text/plain; otherwise a form. */
const payloadOf = (text: string): unknown =>
  /^[{[]/.test(text) ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
