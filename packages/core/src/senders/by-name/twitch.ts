import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import { echoed, emptyAnswer, headerOf, type Scheme, textAnswer } from '../scheme.js';

const MESSAGE_ID = 'Twitch-Eventsub-Message-Id';

/**
 * Twitch EventSub. https://dev.twitch.tv/docs/eventsub/handling-webhook-events/
 *
 * A challenge is signed like an event. A revocation says that no more events come; it should not run the
 * agent.
 */
export const twitch: Scheme<SignatureConfigOf<'twitch'>> = {
  docs: 'https://dev.twitch.tv/docs/eventsub/handling-webhook-events/',
  steps: [
    'Choose a secret of 10 to 100 ASCII characters, and save it here first.',
    'Create the subscription with Twitch’s API: POST https://api.twitch.tv/helix/eventsub/subscriptions with ' +
      'transport {method: "webhook", callback: the webhook URL, secret: the one you saved}.',
    'Twitch sends a challenge, which is answered at once; the subscription is then enabled.',
  ],
  sample: {
    headers: {
      'Twitch-Eventsub-Message-Id': 'befa7b53-d79d-478f-86b9-120f112b044e',
      'Twitch-Eventsub-Message-Type': 'notification',
      'Twitch-Eventsub-Subscription-Type': 'channel.follow',
      'Twitch-Eventsub-Subscription-Version': '2',
    },
    body: {
      subscription: {
        id: 'f1c2a387-161a-49f9-a165-0f21d7a4e1c4',
        type: 'channel.follow',
        version: '2',
        status: 'enabled',
        condition: { broadcaster_user_id: '12826', moderator_user_id: '12826' },
      },
      event: {
        user_id: '1234',
        user_login: 'zoe',
        user_name: 'Zoë',
        broadcaster_user_id: '12826',
        followed_at: '2026-11-28T20:00:00.000Z',
      },
    },
  },
  event: { header: 'Twitch-Eventsub-Subscription-Type' },
  proof: hmacProof(
    {
      ...SHA256_HEX,
      header: 'Twitch-Eventsub-Message-Signature',
      prefix: 'sha256=',
      timestampHeader: 'Twitch-Eventsub-Message-Timestamp',
      timeForm: 'rfc3339',
      idHeader: MESSAGE_ID,
      content: '{id}{timestamp}{body}',
      form: 'sha256= and 64 hex digits',
    },
    {
      faultOfSecret: (secret) =>
        /^[\x20-\x7e]{10,100}$/.test(secret) ? undefined : 'must have 10 to 100 ASCII characters',
    },
  ),
  reads: ['challenge'],
  handshake: (event) => {
    const type = headerOf(event, 'Twitch-Eventsub-Message-Type');
    if (type === 'revocation') return emptyAnswer();
    const challenge = echoed(valueAt(event.payload, 'challenge'));
    return type === 'webhook_callback_verification' && challenge !== undefined
      ? textAnswer(challenge)
      : undefined;
  },
  idHeader: () => MESSAGE_ID,
};
