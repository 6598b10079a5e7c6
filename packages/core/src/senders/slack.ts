import type { SignatureConfigOf } from '@agenthook/contracts';
import { jsonAnswer, propertyOf, readPrefixed, type Scheme, SHA256_HEX } from './scheme.js';

const SIGNATURE = 'X-Slack-Signature';
const TIMESTAMP = 'X-Slack-Request-Timestamp';
const PREFIX = 'v0=';

/**
 * Slack: events, slash commands and interactions.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 *
 * A retried event keeps its event_id. Slack sends `url_verification` when the URL is entered:
 * https://docs.slack.dev/reference/events/url_verification. From time to time it sends `ssl_check` to the URL
 * of a slash command, and expects any 200: https://docs.slack.dev/interactivity/implementing-slash-commands
 */
export const slack: Scheme<SignatureConfigOf<'slack'>> = {
  proofHeaders: () => [SIGNATURE, TIMESTAMP],
  form: () => 'v0= and 64 hex digits',
  read: ([value = '', timestamp]) => ({ signatures: readPrefixed(value, PREFIX, SHA256_HEX), timestamp }),
  hashing: () => SHA256_HEX,
  content: ({ timestamp = '' }, body) => [`v0:${timestamp}:`, body],
  write: ({ digest, timestamp }) => ({ [SIGNATURE]: PREFIX + digest, [TIMESTAMP]: timestamp }),
  faultOfSecret: (secret) =>
    /^x(ox|app)/.test(secret)
      ? "is a token; what is needed is the app's Signing Secret, under Basic Information"
      : undefined,
  deliveryId: (_headers, payload) =>
    propertyOf(payload, 'type') === 'event_callback' ? propertyOf(payload, 'event_id') : undefined,
  handshake: (_headers, payload) => {
    if (propertyOf(payload, 'ssl_check') === '1') return jsonAnswer({});
    const challenge = propertyOf(payload, 'challenge');
    return propertyOf(payload, 'type') === 'url_verification' && typeof challenge === 'string'
      ? jsonAnswer({ challenge })
      : undefined;
  },
};
