import { createHash, createHmac } from 'node:crypto';
import type { SignatureConfigOf } from '@agenthook/contracts';
import { isSameDigest, isSameText, oneFits } from '../proofs/equal.js';
import type { Proof } from '../proofs/proof.js';
import { type Scheme, textAnswer } from '../scheme.js';

type Config = SignatureConfigOf<'braintree'>;

const CHALLENGE = /^[a-f0-9]{20,32}$/;
/** Base64 in lines, as it is signed. */
const PAYLOAD = /^[A-Za-z0-9+/=\n]+$/;
const MOST_SIGNATURES = 16;
/** Braintree sends two; more would only cost time. */
const MOST_FIELDS = 10;

/** The two fields of a notification. A `+` is one of base64: Braintree escapes it, some clients do not. */
function fieldsOf(body: Buffer): { signature: string; payload: string } | undefined {
  const text = body.toString();
  if (text.split('&', MOST_FIELDS + 1).length > MOST_FIELDS) return undefined;
  const form = new URLSearchParams(text);
  const [signature, payload] = [form.get('bt_signature'), form.get('bt_payload')?.replaceAll(' ', '+')];
  return signature !== null && payload !== undefined && PAYLOAD.test(payload)
    ? { signature, payload }
    : undefined;
}

const digestOf = (text: string, key: string): string =>
  createHmac('sha1', createHash('sha1').update(key).digest()).update(text).digest('hex');

const signed: Proof<Config> = {
  fault: ({ body }, { merchant_public_key }, { keys }) => {
    const sent = fieldsOf(body);
    if (sent === undefined) return 'bt_signature or bt_payload is missing in the form';
    // The digest of such a text is told to anyone who asks.
    if (CHALLENGE.test(sent.payload.trim())) return 'bt_payload could be a challenge';
    const ours = sent.signature
      .split('&', MOST_SIGNATURES)
      .map((pair) => pair.split('|'))
      .filter(([name = '']) => isSameText(name, merchant_public_key));
    if (ours.length === 0) return 'bt_signature has none by the public key of this agent';
    const holds = oneFits(keys, (key) =>
      [sent.payload, `${sent.payload}\n`].some((text) => {
        const expected = digestOf(text, key);
        return ours.some(([, digest = '']) => isSameDigest(digest, expected, 'hex'));
      }),
    );
    return holds ? undefined : 'bt_signature does not match the payload and the private key of this agent';
  },
  sign: ({ body }, { merchant_public_key }, key) => {
    const { payload = '' } = fieldsOf(body) ?? {};
    const form = new URLSearchParams({
      bt_signature: `${merchant_public_key}|${digestOf(payload, key)}`,
      bt_payload: payload,
    });
    return { headers: {}, body: Buffer.from(`${form}`) };
  },
  hides: () => ({ headers: [] }),
};

const SAMPLE = `<notification>
  <timestamp type="datetime">2026-11-28T20:00:00Z</timestamp>
  <kind>subscription_charged_unsuccessfully</kind>
  <subject><subscription><id>zoe</id><status>Past Due</status></subscription></subject>
</notification>`;

/**
 * Braintree. https://developer.paypal.com/braintree/docs/guides/webhooks/overview
 *
 * A notification is XML, as base64 in a form; the payload is that XML. Braintree tests the URL with a
 * challenge, whose digest it expects.
 */
export const braintree: Scheme<Config> = {
  docs: 'https://developer.paypal.com/braintree/docs/guides/webhooks/overview',
  steps: [
    'Settings → API → API Keys: the public key and the private key. Save both here first.',
    'API → Webhooks → Create new webhook. Destination URL: the webhook URL, with the notifications. Create.',
    'Check URL sends a notification, which runs the agent.',
  ],
  sample: {
    contentType: 'application/x-www-form-urlencoded',
    body: `${new URLSearchParams({ bt_payload: `${Buffer.from(SAMPLE).toString('base64')}\n`, bt_signature: '' })}`,
  },
  proof: signed,
  opens: (body) => {
    const { payload } = fieldsOf(body) ?? {};
    return payload === undefined ? undefined : Buffer.from(payload, 'base64');
  },
  greet: ({ method, query }, { merchant_public_key }, { secrets: [secret] }) => {
    const challenge = method === 'GET' ? new URLSearchParams(query).get('bt_challenge') : null;
    if (challenge === null || secret === undefined) return undefined;
    if (!CHALLENGE.test(challenge)) return { fault: 'bt_challenge is not a challenge of Braintree' };
    return textAnswer(`${merchant_public_key}|${digestOf(challenge, secret)}`);
  },
};
