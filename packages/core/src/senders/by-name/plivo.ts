import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof } from '../proofs/hmac.js';
import type { Scheme } from '../scheme.js';

/** Plivo's forms are shorter; a longer body would only cost time. */
const LONGEST_FORM = 64 * 1024;
const MOST_FIELDS = 1_000;

/** The fields of a form or a query, in the order of their names and of the values of each. */
function sorted(text: string): [name: string, value: string][] | undefined {
  if (text.length > LONGEST_FORM || text.split('&', MOST_FIELDS + 1).length > MOST_FIELDS) return undefined;
  return [...new URLSearchParams(text)].sort(([a, x], [b, y]) => order(a, b) || order(x, y));
}
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The URL with its parameters, and those of the form behind it. */
function signedText(calledUrl: string, body: Buffer): string | undefined {
  const [url = '', ...rest] = calledUrl.split('?');
  const query = rest.join('?');
  const [inUrl, inForm] = [sorted(query), sorted(body.toString())];
  if (inUrl === undefined || inForm === undefined) return undefined;
  const parameters = inUrl.map((pair) => pair.join('=')).join('&');
  const hasForm = inForm.length > 0;
  return (
    url +
    (parameters !== '' || hasForm ? `?${parameters}` : '') +
    (parameters !== '' && hasForm ? '.' : '') +
    inForm.map((pair) => pair.join('')).join('')
  );
}

/**
 * Plivo: messages and calls, by signatures of version 3.
 * https://www.plivo.com/docs/messaging/concepts/signature-validation
 */
export const plivo: Scheme<SignatureConfigOf<'plivo'>> = {
  docs: 'https://www.plivo.com/docs/messaging/concepts/signature-validation',
  steps: [
    'At console.plivo.com: Auth Token. Save it here.',
    'Messaging (or Voice) → Applications → the application: Message URL (or Answer URL), the webhook URL, POST.',
    'The URL is signed: set PUBLIC_URL to the address that Plivo calls.',
  ],
  sample: {
    contentType: 'application/x-www-form-urlencoded',
    body:
      'From=13125550001&To=17735550002&Type=sms&Text=Where+is+my+order%3F&' +
      'MessageUUID=0a1b2c3d-4e5f-11ee-be56-0242ac120002',
  },
  event: { property: 'Type' },
  proof: hmacProof({
    algorithm: 'sha256',
    encoding: 'base64',
    header: 'X-Plivo-Signature-V3',
    separator: ',',
    idHeader: 'X-Plivo-Signature-V3-Nonce',
    content: ({ id = '' }, { calledUrl, body }) => {
      const text = signedText(calledUrl, body);
      return text === undefined ? undefined : [text, '.', id];
    },
    form: 'base64, with “,” between several',
  }),
  // A call needs XML; an empty one hangs up.
  answer: () => ({
    status: 200,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: '<?xml version="1.0" encoding="UTF-8"?><Response></Response>',
  }),
};
