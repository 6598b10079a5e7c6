import { createHmac } from 'node:crypto';
import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { isDigest, isSameDigest, oneFits } from '../proofs/equal.js';
import type { Proof } from '../proofs/proof.js';
import { type Scheme, textAnswer } from '../scheme.js';

const hashOf = (payload: unknown, key: string): string =>
  createHmac('sha256', key)
    .update(`${valueAt(payload, 'event.event_time')}${valueAt(payload, 'event.event_type')}`)
    .digest('hex');

/** The signature is part of the event, and covers its time and its name alone. */
const inBody: Proof<SignatureConfigOf<'dropbox-sign'>> = {
  isInPayload: () => true,
  isToken: true,
  fault: ({ payload }, _config, { keys }) => {
    const given = valueAt(payload, 'event.event_hash');
    if (typeof given !== 'string' || !isDigest(given, 'hex'))
      return 'event.event_hash is missing in the body';
    return oneFits(keys, (key) => isSameDigest(given, hashOf(payload, key), 'hex'))
      ? undefined
      : 'event.event_hash does not match the API key of this agent';
  },
  sign: ({ body }, _config, key) => {
    const text = body.toString();
    const json = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
    const sent = JSON.parse(json) as { event?: object };
    const signed = JSON.stringify({ ...sent, event: { ...sent.event, event_hash: hashOf(sent, key) } });
    return { headers: {}, body: Buffer.from(text.replace(json, () => signed)) };
  },
  hides: () => ({ headers: [] }),
};

const EVENT = {
  event: {
    event_time: '1795896000',
    event_type: 'signature_request_all_signed',
    event_metadata: { related_signature_id: 'ad4d8a769b555fa5ef38691465d426682bf2c992' },
  },
  signature_request: {
    signature_request_id: 'fa5c8a0b0f492d768749333ad6fcc214c111e967',
    title: 'Purchase order',
    is_complete: true,
  },
};

const SIGNER = 'event.event_metadata.related_signature_id';

/**
 * Dropbox Sign, formerly HelloSign. https://developers.hellosign.com/docs/events/walkthrough
 *
 * An event is JSON in a field of a form. Dropbox Sign takes any other answer than its own text for a
 * failure. An event whose address is being saved is a test.
 */
export const dropboxSign: Scheme<SignatureConfigOf<'dropbox-sign'>> = {
  docs: 'https://developers.hellosign.com/docs/events/overview',
  steps: [
    'At app.hellosign.com: API → the API key. Save it here first.',
    'API → Account callback, or the API app → Event callback: the webhook URL. Its test is answered and runs nothing.',
  ],
  sample: {
    contentType: 'multipart/form-data; boundary=----HelloSign',
    body: `------HelloSign\r\nContent-Disposition: form-data; name="json"\r\n\r\n${JSON.stringify(EVENT)}\r\n------HelloSign--\r\n`,
  },
  event: { property: 'event.event_type' },
  proof: inBody,
  unfolds: 'json',
  reads: [
    'event.event_time',
    'event.event_type',
    'event.event_hash',
    'signature_request.signature_request_id',
    SIGNER,
  ],
  handshake: ({ payload }) => (valueAt(payload, 'event.event_type') === 'callback_test' ? HELLO : undefined),
  deliveryId: ({ payload }) => {
    const names = ['event.event_time', 'event.event_type', 'signature_request.signature_request_id'];
    const parts = names.map((name) => valueAt(payload, name));
    if (parts.includes(undefined)) return undefined;
    // Several people may sign one request.
    const signer = valueAt(payload, SIGNER);
    return (signer === undefined ? parts : [signer, ...parts]).join(' ');
  },
  answer: () => HELLO,
};

const HELLO = textAnswer('Hello API Event Received');
