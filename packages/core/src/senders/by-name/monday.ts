import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { jwtProof } from '../proofs/jwt.js';
import { echoed, jsonAnswer, type Scheme, smallJson } from '../scheme.js';

type Config = SignatureConfigOf<'monday'>;

/** How long a token is accepted after it has expired, in ms, because clocks differ. */
const LEEWAY_MS = 60_000;

/** A token that is valid for minutes. It does not cover the body. */
const tokenOfApp = jwtProof<Config>({
  header: 'Authorization',
  prefix: 'Bearer ',
  faultOfClaims: (claims, _config, nowMs) => {
    const expires = valueAt(claims, 'exp');
    return typeof expires === 'number' && expires * 1000 + LEEWAY_MS > nowMs
      ? undefined
      : 'the token of Authorization has expired';
  },
  claims: (now) => ({ accountId: 1, userId: 1, iat: now, exp: now + 300 }),
});

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
