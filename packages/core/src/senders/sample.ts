import { parsePayload } from '@agenthook/bounded';
import { withLowerNames } from './request.js';
import type { Scheme, SenderEvent } from './scheme.js';

/** The bytes, headers and payload of a sender's sample, with lower-case names. */
export function eventOfSample({ sample, unfolds }: Pick<Scheme, 'sample' | 'unfolds'>): SenderEvent {
  const { headers = {}, contentType = 'application/json', body: sent } = sample;
  const body = Buffer.from(typeof sent === 'string' ? sent : JSON.stringify(sent));
  const read = parsePayload(body, { contentType, unfolds });
  return {
    method: 'POST',
    url: '/api/webhooks/agents/whk_sample',
    query: '',
    headers: { 'content-type': contentType, ...withLowerNames(headers) },
    body,
    payload: read.ok ? read.payload : undefined,
  };
}
