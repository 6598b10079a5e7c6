import { createHmac } from 'node:crypto';
import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { isSameDigest, oneFits } from '../proofs/equal.js';
import type { Proof } from '../proofs/proof.js';
import { echoed, jsonAnswer, type Scheme, smallJson } from '../scheme.js';

type Config = SignatureConfigOf<'monday'>;

/** How long a token is accepted after it has expired, in ms, because clocks differ. */
const LEEWAY_MS = 60_000;
const JWT = /^(?:Bearer )?([\w-]{1,500})\.([\w-]{1,4000})\.([\w-]{1,200})$/;

/**
 * A JSON Web Token in `Authorization`, signed with HMAC-SHA256 and valid for minutes. It does not cover the
 * body. Its algorithm is fixed, whatever its header says.
 */
const tokenOfApp: Proof<Config> = {
  isToken: true,
  fault: ({ headers }, _config, { keys, nowMs }) => {
    const { authorization } = headers;
    if (authorization === undefined) return 'Authorization is missing';
    const [, head = '', claims = '', signature = ''] = JWT.exec(String(authorization)) ?? [];
    if (signature === '') return 'Authorization is not of the form of a JSON Web Token';
    const holds = oneFits(keys, (key) => isSameDigest(signature, signatureOf(head, claims, key), 'base64'));
    if (!holds) return 'Authorization does not match the signing secret of this agent';
    const expires = valueAt(smallJson(Buffer.from(claims, 'base64url')), 'exp');
    return typeof expires === 'number' && expires * 1000 + LEEWAY_MS > nowMs
      ? undefined
      : 'the token of Authorization has expired';
  },
  sign: (_request, _config, key, { nowMs }) => {
    const iat = Math.floor(nowMs / 1000);
    const [head, claims] = [
      { alg: 'HS256', typ: 'JWT' },
      { accountId: 1, userId: 1, iat, exp: iat + 300 },
    ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')) as [string, string];
    return { headers: { Authorization: `${head}.${claims}.${signatureOf(head, claims, key)}` } };
  },
  hides: () => ({ headers: ['Authorization'] }),
};

const signatureOf = (head: string, claims: string, key: string): string =>
  createHmac('sha256', key).update(`${head}.${claims}`).digest('base64url');

/**
 * monday.com. https://developer.monday.com/api-reference/reference/webhooks
 *
 * The challenge comes without a token. A webhook of an app has one
 * (https://developer.monday.com/apps/docs/authorization-header), a webhook that a person adds to a board has
 * none.
 */
export const monday: Scheme<Config> = {
  docs: 'https://developer.monday.com/api-reference/reference/webhooks',
  steps: [
    'On a board: Integrate → Webhooks, choose a recipe, and enter the webhook URL. monday.com sends a challenge, ' +
      'which is answered at once. These webhooks are not signed: leave the secret empty.',
    'In an app that creates webhooks with the API: Build → General settings → Signing Secret. Save it here.',
  ],
  sample: {
    body: {
      event: {
        userId: 9_603_417,
        boardId: 1_771_812_698,
        pulseId: 1_772_099_344,
        pulseName: 'Repair the printer',
        groupId: 'topics',
        type: 'create_pulse',
        triggerTime: '2026-11-28T20:00:00.000Z',
        subscriptionId: 73_759_690,
        triggerUuid: 'b5ed2e17c530f43668de130142445cba',
      },
    },
  },
  event: { property: 'event.type' },
  proof: tokenOfApp,
  reads: ['event.triggerUuid'],
  greet: ({ method, body }) => {
    const json = method === 'POST' ? smallJson(body) : undefined;
    const challenge = valueAt(json, 'event') === undefined ? echoed(valueAt(json, 'challenge')) : undefined;
    return challenge === undefined ? undefined : jsonAnswer({ challenge });
  },
  deliveryId: ({ payload }) => valueAt(payload, 'event.triggerUuid'),
};
