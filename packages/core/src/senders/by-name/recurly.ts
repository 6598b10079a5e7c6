import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import type { RequestHeaders } from '../request.js';
import type { Scheme } from '../scheme.js';

const HEADER = 'recurly-signature';

const signed = hmacProof<SignatureConfigOf<'recurly'>>({
  ...SHA256_HEX,
  header: HEADER,
  separator: ',',
  timestampPrefix: 't=',
  prefix: 's=',
  content: '{timestamp}.{body}',
  form: 'time,signature',
});

/** The header with names for its items: the first one is the time. */
function withNames(headers: RequestHeaders): RequestHeaders {
  const value = headers[HEADER];
  if (typeof value !== 'string') return headers;
  const [time, ...signatures] = value.split(',', 17);
  return { ...headers, [HEADER]: [`t=${time}`, ...signatures.map((one) => `s=${one}`)].join(',') };
}

/**
 * Recurly. https://docs.recurly.com/recurly-subscriptions/docs/signature-verification
 *
 * The header has the time, and a signature by each secret. The body is JSON, or XML for older endpoints.
 */
export const recurly: Scheme<SignatureConfigOf<'recurly'>> = {
  docs: 'https://docs.recurly.com/recurly-subscriptions/docs/signature-verification',
  steps: [
    'Integrations → Webhooks → Configure → New Endpoint. Endpoint URL: the webhook URL. Format: JSON.',
    'On the endpoint’s page: Signature Secret. Save it here.',
  ],
  sample: {
    body: {
      id: 'qxhxhzvj3n3c',
      object_type: 'account',
      site_id: 'qikrfbh3wlyh',
      event_type: 'updated',
      event_time: '2026-11-28T20:00:00Z',
      account_code: 'zoe',
    },
  },
  event: { property: 'event_type' },
  proof: {
    ...signed,
    fault: ({ headers, ...request }, config, keys) =>
      signed.fault({ ...request, headers: withNames(headers) }, config, keys),
    sign: (request, config, key, made) => {
      const { headers } = signed.sign?.(request, config, key, made) ?? { headers: {} };
      return { headers: { [HEADER]: String(headers[HEADER]).replace(/[ts]=/g, '') } };
    },
    signing: () => undefined,
  },
  reads: ['event_type', 'event_time', 'id'],
  deliveryId: ({ payload }) => {
    const parts = ['event_type', 'event_time', 'id'].map((name) => valueAt(payload, name));
    return parts.includes(undefined) ? undefined : parts.join(' ');
  },
};
