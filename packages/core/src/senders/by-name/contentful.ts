import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof } from '../proofs/hmac.js';
import type { RequestHeaders } from '../request.js';
import type { Scheme } from '../scheme.js';

const MOST_HEADERS = 100;

/** The path as it is signed. The query is escaped as a whole. */
function pathOf(calledUrl: string): string {
  const [path = '', ...rest] = calledUrl.replace(/^https?:\/\/[^/]*/, '').split('?');
  const query = rest.join('?');
  return query === '' ? path : `${path}?${encodeURIComponent(query)}`;
}

/** Without these among the signed headers, others could be made to look like them. */
const ALWAYS_SIGNED = ['x-contentful-signed-headers', 'x-contentful-timestamp'];

/** The headers that are signed, in the order of their names; undefined if the list of them is not. */
function signedHeaders(headers: RequestHeaders, timestamp: string): string | undefined {
  const names = String(headers['x-contentful-signed-headers'] ?? '')
    .split(',', MOST_HEADERS)
    .map((name) => name.trim().toLowerCase());
  if (!ALWAYS_SIGNED.every((name) => names.includes(name))) return undefined;
  return names
    .sort()
    .map(
      (name) =>
        `${name}:${name === 'x-contentful-timestamp' ? timestamp : String(headers[name] ?? '').trim()}`,
    )
    .join(';');
}

/**
 * Contentful. https://www.contentful.com/developers/docs/webhooks/request-verification/
 *
 * The signature covers the method, the path, the headers that a header names, and the body.
 */
export const contentful: Scheme<SignatureConfigOf<'contentful'>> = {
  docs: 'https://www.contentful.com/developers/docs/webhooks/request-verification/',
  steps: [
    'Settings → Webhooks → Webhook settings → Enable request verification. Save the secret here first.',
    'Add webhook. URL: POST and the webhook URL. Triggers: only those that the agent needs.',
    'The path is signed: if a proxy changes it, set PUBLIC_URL or base_url.',
  ],
  sample: {
    headers: {
      'X-Contentful-Topic': 'ContentManagement.Entry.publish',
      'X-Contentful-Signed-Headers': 'x-contentful-signed-headers,x-contentful-timestamp,x-contentful-topic',
    },
    contentType: 'application/vnd.contentful.management.v1+json',
    body: {
      sys: {
        type: 'Entry',
        id: 'nyancat',
        space: { sys: { id: 'cfexampleapi' } },
        updatedAt: '2026-11-28T20:00:00.000Z',
      },
      fields: { name: { 'en-US': 'Zoë’s cat' } },
    },
  },
  event: { header: 'X-Contentful-Topic' },
  proof: hmacProof({
    algorithm: 'sha256',
    encoding: 'hex',
    header: 'X-Contentful-Signature',
    timestampHeader: 'X-Contentful-Timestamp',
    content: ({ timestamp = '' }, { method, calledUrl, body, headers }) => {
      const signed = signedHeaders(headers, timestamp);
      return signed === undefined ? undefined : [`${method}\n${pathOf(calledUrl)}\n${signed}\n`, body];
    },
  }),
};
