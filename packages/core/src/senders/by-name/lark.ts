import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { isDigest, isSameDigest, oneFits } from '../proofs/equal.js';
import type { Proof } from '../proofs/proof.js';
import { faultOfTime } from '../proofs/time.js';
import { echoed, headerOf, jsonAnswer, type Scheme, smallJson } from '../scheme.js';

type Config = SignatureConfigOf<'lark'>;

const NAMES = ['X-Lark-Signature', 'X-Lark-Request-Timestamp', 'X-Lark-Request-Nonce'] as const;
const ALGORITHM = 'aes-256-cbc';
const IV_BYTES = 16;
const ENCRYPTED = /^\s*\{\s*"encrypt"\s*:\s*"([A-Za-z0-9+/\\]+={0,2})"\s*\}\s*$/;

const keyOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** The event in an encrypted body; undefined for any other body, and if no secret fits. */
function decrypted(body: Buffer, secrets: readonly string[]): Buffer | undefined {
  const [, text] = ENCRYPTED.exec(body.toString('latin1')) ?? [];
  if (text === undefined) return undefined;
  const bytes = Buffer.from(text.replaceAll('\\', ''), 'base64');
  for (const secret of secrets) {
    try {
      const decipher = createDecipheriv(ALGORITHM, keyOf(secret), bytes.subarray(0, IV_BYTES));
      const event = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES)), decipher.final()]);
      if (event[0] === 0x7b) return event;
    } catch {
      // Another key, or no event of Lark.
    }
  }
  return undefined;
}

/** A plain SHA-256 of time, nonce, key and body. */
const signed: Proof<Config> = {
  fault: (request, { tolerance_seconds = 0 }, { keys, nowMs }) => {
    const [signature, timestamp, nonce] = NAMES.map((name) => headerOf(request, name));
    for (const [at, value] of [signature, timestamp, nonce].entries())
      if (value === undefined) return `${NAMES[at]} is missing`;
    if (!isDigest(String(signature), 'hex')) return `${NAMES[0]} is not of the form 64 hex digits`;
    const untimely = faultOfTime(String(timestamp), 'unix', tolerance_seconds, nowMs);
    if (untimely !== undefined) return untimely;
    // Anyone who knows the plain hash of a text can compute that of a longer one, which has a NUL after it.
    if (request.body.includes(0)) return 'the body has a NUL character';
    const signatureOf = (key: string) => digestOf([timestamp, nonce, key], request.body);
    return oneFits(keys, (key) => isSameDigest(String(signature), signatureOf(key), 'hex'))
      ? undefined
      : `${NAMES[0]} does not match the body and the Encrypt Key of this agent`;
  },
  sign: ({ body: event }, _config, key, { nowMs, id }) => {
    const iv = createHash('md5').update(id).digest();
    const cipher = createCipheriv(ALGORITHM, keyOf(key), iv);
    const encrypt = Buffer.concat([iv, cipher.update(event), cipher.final()]).toString('base64');
    const body = Buffer.from(JSON.stringify({ encrypt }));
    const timestamp = String(nowMs / 1000);
    const signature = digestOf([timestamp, id, key], body);
    return { headers: { [NAMES[0]]: signature, [NAMES[1]]: timestamp, [NAMES[2]]: id }, body };
  },
  hides: () => ({ headers: [NAMES[0]] }),
};

const digestOf = (parts: (string | undefined)[], body: Buffer): string =>
  createHash('sha256').update(parts.join('')).update(body).digest('hex');

/**
 * Lark, called Feishu in China.
 * https://open.larksuite.com/document/server-docs/event-subscription-guide/event-subscription-configure-/encrypt-key-encryption-configuration-case
 *
 * With an Encrypt Key, Lark encrypts events and signs them; without one, it does neither. It sends a
 * challenge when the URL is entered, which is encrypted too. A retry keeps the id of its event.
 */
export const lark: Scheme<Config> = {
  docs: 'https://open.larksuite.com/document/server-docs/event-subscription-guide/overview',
  steps: [
    'At open.larksuite.com (or open.feishu.cn), in the app: Events & Callbacks → Encryption Strategy → Encrypt Key. ' +
      'Set one, and save it here first.',
    'Event Configuration → Subscription mode → Send notifications to developer’s server: the webhook URL. Save.',
    'Add Events: only those that the agent needs. Publish a version of the app.',
  ],
  sample: {
    body: {
      schema: '2.0',
      header: {
        event_id: '5e3702a84e847582be8db7fb73283c02',
        event_type: 'im.message.receive_v1',
        create_time: '1795896000000',
        token: 'rvaYgkND1GOiu5MM0E1rncYC6PLtF7JV',
        app_id: 'cli_9f5343c580712544',
        tenant_key: '2ca1d211f64f6438',
      },
      event: {
        sender: { sender_id: { open_id: 'ou_84aad35d084aa403a838cf73ee18467' }, sender_type: 'user' },
        message: {
          message_id: 'om_5ce6d572455d361153b7cb51da133945',
          chat_id: 'oc_5ce6d572455d361153b7xx51da133945',
          chat_type: 'p2p',
          message_type: 'text',
          content: '{"text":"Where is my order?"}',
        },
      },
    },
  },
  event: { property: 'header.event_type' },
  proof: signed,
  reads: ['header.event_id', 'uuid'],
  opens: (body, { secrets }) => decrypted(body, secrets),
  greet: ({ method, body }, _config, { secrets }) => {
    if (method !== 'POST' || smallJson(body) === undefined) return undefined;
    const event = smallJson(decrypted(body, secrets) ?? body);
    if (valueAt(event, 'type') !== 'url_verification') return undefined;
    if (valueAt(smallJson(body), 'type') !== undefined)
      return { fault: 'the challenge is not encrypted; set an Encrypt Key at Lark' };
    const challenge = echoed(valueAt(event, 'challenge'));
    return challenge === undefined ? { fault: 'challenge is missing' } : jsonAnswer({ challenge });
  },
  deliveryId: ({ payload }) => valueAt(payload, 'header.event_id') ?? valueAt(payload, 'uuid'),
  // A card shows an error for an answer that it does not know.
  answer: () => jsonAnswer({}),
};
