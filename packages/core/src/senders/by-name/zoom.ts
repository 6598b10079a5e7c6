import { createHmac } from 'node:crypto';
import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import { hashable, jsonAnswer, type Scheme, smallJson } from '../scheme.js';

/**
 * Zoom. https://developers.zoom.us/docs/api/webhooks/
 *
 * Zoom validates the URL when it is entered, and every 72 hours. The answer is an HMAC of Zoom's token with
 * the key that signs events. An event is signed as `v0:…`, and no token with a colon is answered, so nobody
 * can have an event signed in this way.
 */
export const zoom: Scheme<SignatureConfigOf<'zoom'>> = {
  docs: 'https://developers.zoom.us/docs/api/webhooks/',
  steps: [
    'At marketplace.zoom.us, in the app: Access (or Feature) → Secret Token. Save it here first.',
    'Event Subscriptions → Add New Event Subscription, with the events that the agent needs.',
    'Event notification endpoint URL: the webhook URL. Validate, then Save.',
  ],
  sample: {
    body: {
      event: 'meeting.ended',
      event_ts: 1_795_896_000_000,
      payload: {
        account_id: 'AAAAAABBBB',
        object: {
          id: '1234567890',
          uuid: '4444AAAiAAAAAiAiAiiAii==',
          topic: 'Weekly planning',
          host_id: 'x1yCzABCDEfg23HiJKl4mN',
          start_time: '2026-11-28T19:00:00Z',
          end_time: '2026-11-28T20:00:00Z',
          duration: 60,
        },
      },
    },
  },
  event: { property: 'event' },
  proof: hmacProof({
    ...SHA256_HEX,
    header: 'x-zm-signature',
    prefix: 'v0=',
    timestampHeader: 'x-zm-request-timestamp',
    content: 'v0:{timestamp}:{body}',
    form: 'v0= and 64 hex digits',
  }),
  greet: ({ method, body }, _config, { secrets: [secret] }) => {
    const json = method === 'POST' ? smallJson(body) : undefined;
    if (valueAt(json, 'event') !== 'endpoint.url_validation' || secret === undefined) return undefined;
    const plainToken = hashable(valueAt(json, 'payload.plainToken'));
    if (plainToken === undefined) return { fault: 'payload.plainToken is not a token of Zoom' };
    const encryptedToken = createHmac('sha256', secret).update(plainToken).digest('hex');
    return jsonAnswer({ plainToken, encryptedToken });
  },
};
