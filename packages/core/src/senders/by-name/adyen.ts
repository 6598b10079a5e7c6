import { createHmac } from 'node:crypto';
import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { isDigest, isSameDigest, oneFits } from '../proofs/equal.js';
import { hmacProof, SHA256_BASE64 } from '../proofs/hmac.js';
import type { Proof } from '../proofs/proof.js';
import { type Scheme, textAnswer } from '../scheme.js';

type Config = SignatureConfigOf<'adyen'>;

const HEADER = 'HmacSignature';
const KEY = /^[0-9A-Fa-f]{64}$/;
const keyOf = (secret: string) => Buffer.from(secret, 'hex');

/** The events of a platform: a signature of the body in a header. */
const ofBody = hmacProof<Config>({
  ...SHA256_BASE64,
  header: HEADER,
  keysOf: (secret) => [keyOf(secret)],
  keyForm: 'hex',
  form: '44 characters of base64',
});

/** What a payment's signature covers: https://docs.adyen.com/development-resources/webhooks/verify-hmac-signatures/ */
const SIGNED = [
  'pspReference',
  'originalReference',
  'merchantAccountCode',
  'merchantReference',
  'amount.value',
  'amount.currency',
  'eventCode',
  'success',
];
const READ = [...SIGNED, 'additionalData.hmacSignature'].map(
  (name) => `notificationItems.*.NotificationRequestItem.${name}`,
);
/** Adyen sends one in each request. */
const MOST_ITEMS = 10;

const itemsOf = (payload: unknown): unknown[] => {
  const items = valueAt(payload, 'notificationItems');
  return Array.isArray(items) ? items.map((item) => valueAt(item, 'NotificationRequestItem')) : [];
};
const signatureOf = (item: unknown, key: string): string =>
  createHmac('sha256', keyOf(key))
    .update(SIGNED.map((name) => valueAt(item, name) ?? '').join(':'))
    .digest('base64');

/** The signature is part of each item, and covers a few of its members. */
const ofItems: Proof<Config> = {
  isInPayload: () => true,
  isToken: true,
  fault: (request, config, keys) => {
    if (request.headers[HEADER.toLowerCase()] !== undefined) return ofBody.fault(request, config, keys);
    const items = itemsOf(request.payload);
    if (items.length === 0 || items.length > MOST_ITEMS)
      return `${HEADER} is missing, and notificationItems too`;
    const isSigned = (item: unknown) => {
      const given = valueAt(item, 'additionalData.hmacSignature');
      if (typeof given !== 'string' || !isDigest(given, 'base64')) return false;
      return oneFits(keys.keys, (key) => isSameDigest(given, signatureOf(item, key), 'base64'));
    };
    return items.every(isSigned)
      ? undefined
      : 'additionalData.hmacSignature does not match the HMAC key of this agent in each item';
  },
  sign: ({ body }, _config, key) => {
    const sent = JSON.parse(body.toString()) as { notificationItems?: object[] };
    const notificationItems = sent.notificationItems?.map((one) => {
      const item = valueAt(one, 'NotificationRequestItem') as { additionalData?: object };
      const additionalData = { ...item.additionalData, hmacSignature: signatureOf(item, key) };
      return { NotificationRequestItem: { ...item, additionalData } };
    });
    return { headers: {}, body: Buffer.from(JSON.stringify({ ...sent, notificationItems })) };
  },
  // By its name, its header is hidden anyway.
  hides: () => ({ headers: [] }),
  faultOfSecret: (secret) =>
    KEY.test(secret) ? undefined : 'is not an HMAC key of Adyen, which has 64 hex digits',
};

/**
 * Adyen: payments, and the events of platforms. https://docs.adyen.com/development-resources/webhooks/
 *
 * Adyen repeats what is not answered `[accepted]`. It identifies an event by code and reference; `success` is
 * part of the id here, because an authorisation may fail first.
 */
export const adyen: Scheme<Config> = {
  docs: 'https://docs.adyen.com/development-resources/webhooks/',
  steps: [
    'In the Customer Area: Developers → Webhooks → + Webhook → Standard webhook → Add.',
    'Server configuration: the webhook URL, method JSON. Events: only those that the agent needs.',
    'Security → HMAC Key → Generate. Save it here before you save there; Adyen shows it once.',
    'Save changes. Test configuration sends a signed event, which runs the agent.',
  ],
  sample: {
    body: {
      live: 'false',
      notificationItems: [
        {
          NotificationRequestItem: {
            additionalData: {},
            amount: { currency: 'EUR', value: 1130 },
            eventCode: 'AUTHORISATION',
            eventDate: '2026-11-28T20:00:00+01:00',
            merchantAccountCode: 'TestMerchant',
            merchantReference: 'TestPayment-1407325143704',
            paymentMethod: 'visa',
            pspReference: '7914073381342284',
            reason: 'Refused',
            success: 'false',
          },
        },
      ],
    },
  },
  event: { property: 'notificationItems.0.NotificationRequestItem.eventCode' },
  proof: ofItems,
  reads: READ,
  deliveryId: ({ payload }) => {
    const [item, ...more] = itemsOf(payload);
    const parts = ['eventCode', 'success', 'pspReference'].map((name) => valueAt(item, name));
    return more.length > 0 || parts.includes(undefined) ? undefined : parts.join(' ');
  },
  answer: () => textAnswer('[accepted]'),
};
