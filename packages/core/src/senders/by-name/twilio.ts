import { createHash } from 'node:crypto';
import type { SignatureConfigOf } from '@agenthook/contracts';
import { isSameDigest } from '../proofs/equal.js';
import { hmacProof } from '../proofs/hmac.js';
import { headerOf, type Scheme, type SenderRequest } from '../scheme.js';

/** Twilio's forms are shorter; a longer body would only cost time. */
const LONGEST_FORM = 64 * 1024;
const MOST_FIELDS = 1_000;

/**
 * Names and values of a form in the order of the names, each value of a name once, as Twilio's library does.
 */
function sortedFields(body: Buffer): string | undefined {
  if (body.length > LONGEST_FORM) return undefined;
  const text = body.toString();
  if (text.split('&', MOST_FIELDS + 1).length > MOST_FIELDS) return undefined;
  const fields = new Map<string, Set<string>>();
  for (const [name, value] of new URLSearchParams(text))
    fields.set(name, (fields.get(name) ?? new Set()).add(value));
  const names = [...fields.keys()].sort();
  return names.flatMap((name) => [...(fields.get(name) ?? [])].sort().map((value) => name + value)).join('');
}

/** The signed text: the URL, and the fields of a form. Of another body, the URL has the hash. */
function signedText(request: SenderRequest, calledUrl: string): string[] | undefined {
  const { query, body } = request;
  const hash = new URLSearchParams(query).get('bodySHA256');
  if (hash !== null)
    return isSameDigest(hash, createHash('sha256').update(body).digest('hex'), 'hex')
      ? [calledUrl]
      : undefined;
  const fields = sortedFields(body);
  return fields === undefined ? undefined : [calledUrl, fields];
}

/** The URL without a port and with that of its scheme: Twilio signs either. */
function withAndWithoutPort(calledUrl: string): string[] {
  const start = calledUrl.indexOf('://') + 3;
  const end = calledUrl.indexOf('/', start);
  const host = calledUrl.slice(start, end);
  const port = calledUrl.startsWith('https:') ? ':443' : ':80';
  const other = host.includes(':') ? host.slice(0, host.lastIndexOf(':')) : host + port;
  return [calledUrl, calledUrl.slice(0, start) + other + calledUrl.slice(end)];
}

/**
 * Twilio, which signs the URL with the sorted fields of the form.
 * https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
export const twilio: Scheme<SignatureConfigOf<'twilio'>> = {
  docs: 'https://www.twilio.com/docs/usage/webhooks/webhooks-security',
  steps: [
    'On the first page of the Console: Auth Token. Save it here.',
    'Phone Numbers → Manage → Active numbers → the number → Messaging Configuration.',
    'A message comes in: Webhook, the webhook URL, HTTP POST. Save configuration.',
    'The URL is signed: set PUBLIC_URL to the address that Twilio calls.',
  ],
  sample: {
    headers: { 'I-Twilio-Idempotency-Token': '5d8c1b5e-0f4a-4d0e-9f0a-8c8f3b7f7a11' },
    contentType: 'application/x-www-form-urlencoded',
    body: 'MessageSid=SM1f0e8ae6ade43cb3c0ce4525424e404f&Body=Hi+Zo%C3%AB&From=%2B14158675309&To=%2B18005551212',
  },
  proof: hmacProof((_config, headers) => ({
    algorithm: String(headers['x-twilio-webhooks-signature-settings']).includes('HMAC_SHA256')
      ? 'sha256'
      : 'sha1',
    encoding: 'base64',
    header: 'X-Twilio-Signature',
    content: (_given, request) => signedText(request, request.calledUrl),
    urlsOf: withAndWithoutPort,
  })),
  idHeader: () => 'I-Twilio-Idempotency-Token',
  answer: (event) =>
    headerOf(event, 'content-type')?.startsWith('application/x-www-form-urlencoded')
      ? {
          status: 200,
          headers: { 'content-type': 'text/xml; charset=utf-8' },
          body: '<?xml version="1.0" encoding="UTF-8"?><Response></Response>',
        }
      : undefined,
};
