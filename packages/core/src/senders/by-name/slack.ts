import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import { echoed, emptyAnswer, headerOf, jsonAnswer, type Scheme } from '../scheme.js';

/**
 * Slack: events, slash commands and interactions.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 *
 * A retried event keeps its event_id. Slack sends `url_verification` when the URL is entered:
 * https://docs.slack.dev/reference/events/url_verification. From time to time it sends `ssl_check` to the URL
 * of a slash command, and expects any 200: https://docs.slack.dev/interactivity/implementing-slash-commands
 *
 * Commands and interactions come as forms. Slack shows an answer with a body to its user, or reports it as an
 * error: https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response
 */
export const slack: Scheme<SignatureConfigOf<'slack'>> = {
  docs: 'https://docs.slack.dev/apis/events-api/using-http-request-urls',
  steps: [
    'At api.slack.com/apps, in the app: Basic Information → App Credentials → Signing Secret. Save it here first.',
    'Event Subscriptions → Enable Events. Request URL: the webhook URL. Slack then shows Verified.',
    'Subscribe to bot events, such as app_mention. Save Changes.',
    'Install App, and invite it to a channel. Slash Commands and Interactivity may use the same URL.',
  ],
  sample: {
    body: {
      type: 'event_callback',
      team_id: 'T1H9RESGL',
      event_id: 'Ev08MFMKH6',
      event: { type: 'app_mention', user: 'U061F7AUR', channel: 'C0LAN2Q65', text: '<@U0LAN0Z89> hello' },
    },
  },
  event: { property: 'event.type' },
  proof: hmacProof(
    {
      ...SHA256_HEX,
      header: 'X-Slack-Signature',
      prefix: 'v0=',
      timestampHeader: 'X-Slack-Request-Timestamp',
      content: 'v0:{timestamp}:{body}',
      form: 'v0= and 64 hex digits',
    },
    {
      faultOfSecret: (secret) =>
        /^x(ox|app)/.test(secret)
          ? "is a token; what is needed is the app's Signing Secret, under Basic Information"
          : undefined,
    },
  ),
  unfolds: 'payload',
  reads: ['type', 'event_id', 'challenge', 'ssl_check'],
  deliveryId: ({ payload }) =>
    valueAt(payload, 'type') === 'event_callback' ? valueAt(payload, 'event_id') : undefined,
  handshake: ({ payload }) => {
    if (valueAt(payload, 'ssl_check') === '1') return jsonAnswer({});
    const challenge = echoed(valueAt(payload, 'challenge'));
    return valueAt(payload, 'type') === 'url_verification' && challenge !== undefined
      ? jsonAnswer({ challenge })
      : undefined;
  },
  answer: (event) =>
    headerOf(event, 'content-type')?.startsWith('application/x-www-form-urlencoded')
      ? emptyAnswer()
      : undefined,
};
