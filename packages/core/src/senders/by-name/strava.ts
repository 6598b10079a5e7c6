import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { isSameText } from '../proofs/equal.js';
import { echoed, jsonAnswer, type Scheme } from '../scheme.js';

/**
 * Strava. https://developers.strava.com/docs/webhooks/
 *
 * Strava confirms a URL with a GET that has the verify token, and expects the challenge back as JSON.
 */
export const strava: Scheme<SignatureConfigOf<'strava'>> = {
  docs: 'https://developers.strava.com/docs/webhooks/',
  steps: [
    'Save a verify token of your own choice here first.',
    'POST https://www.strava.com/api/v3/push_subscriptions with client_id, client_secret, callback_url ' +
      '(the webhook URL) and verify_token (the one you saved).',
  ],
  sample: {
    body: {
      object_type: 'activity',
      object_id: 1360128428,
      aspect_type: 'create',
      updates: {},
      owner_id: 134815,
      subscription_id: 120475,
      event_time: 1795896000,
    },
  },
  event: { property: 'aspect_type' },
  reads: ['object_type', 'aspect_type', 'event_time', 'object_id'],
  greet: ({ method, query }, _config, { verifyToken = '' }) => {
    if (method !== 'GET') return undefined;
    const given = new URLSearchParams(query);
    const challenge = echoed(given.get('hub.challenge'));
    if (given.get('hub.mode') !== 'subscribe' || challenge === undefined) return undefined;
    return isSameText(given.get('hub.verify_token') ?? '', verifyToken)
      ? jsonAnswer({ 'hub.challenge': challenge })
      : { fault: 'hub.verify_token is not the verify token of this agent' };
  },
  deliveryId: ({ payload }) => {
    const names = ['object_type', 'aspect_type', 'event_time', 'object_id'];
    const parts = names.map((name) => valueAt(payload, name));
    return parts.includes(undefined) ? undefined : parts.join(' ');
  },
};
