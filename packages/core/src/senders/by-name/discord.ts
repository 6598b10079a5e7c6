import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { faultsOfKeys } from '../generic/public-key.js';
import { publicKeyProof } from '../proofs/public-key.js';
import { emptyAnswer, jsonAnswer, type Scheme, type SenderAnswer } from '../scheme.js';

/**
 * https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-interaction-type
 */
const PING = 1;
const AUTOCOMPLETE = 4;
const COMPONENT = 3;
/** …#interaction-response-object-interaction-callback-type */
const PONG = 1;
const DEFERRED_MESSAGE = 5;
const DEFERRED_UPDATE = 6;
const CHOICES = 8;

/** Webhook events have an `event`, or are a PING of type 0; all else are interactions. */
const isWebhookEvent = (payload: unknown): boolean =>
  valueAt(payload, 'event') !== undefined || valueAt(payload, 'type') === 0;

function answerTo(payload: unknown): SenderAnswer {
  if (isWebhookEvent(payload)) return emptyAnswer(204, { 'content-type': 'application/json' });
  switch (valueAt(payload, 'type')) {
    case AUTOCOMPLETE:
      return jsonAnswer({ type: CHOICES, data: { choices: [] } });
    case COMPONENT:
      return jsonAnswer({ type: DEFERRED_UPDATE });
    default:
      return jsonAnswer({ type: DEFERRED_MESSAGE });
  }
}

/**
 * Discord: interactions and webhook events.
 * https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint
 *
 * Discord tests a URL with a PING, and with one whose signature is wrong, which must be refused. An
 * interaction is acknowledged at once; its result is sent to
 * …/webhooks/{application_id}/{token}/messages/@original within 15 minutes.
 */
export const discord: Scheme<SignatureConfigOf<'discord'>> = {
  docs: 'https://docs.discord.com/developers/interactions/overview',
  steps: [
    'At discord.com/developers/applications, in the app: General Information → Public Key. Save it here first.',
    'General Information → Interactions Endpoint URL: the webhook URL. Save Changes: Discord tests it.',
    'For events instead: Webhooks → Endpoint URL, and switch on the events that the agent needs.',
    'The agent answers an interaction with a PATCH of the original message, whose token is in the payload.',
  ],
  sample: {
    body: {
      id: '846462639134605312',
      application_id: '845027738276462632',
      type: 2,
      token: 'aW50ZXJhY3Rpb24',
      channel_id: '772908445358620702',
      data: { id: '771825006014889984', name: 'ask', options: [{ name: 'question', value: 'What now?' }] },
    },
  },
  event: { property: 'data.name' },
  proof: publicKeyProof('ed25519', {
    header: 'X-Signature-Ed25519',
    timestampHeader: 'X-Signature-Timestamp',
    encoding: 'hex',
    content: '{timestamp}{body}',
  }),
  faultsOf: (config) => faultsOfKeys(config, 'ed25519'),
  reads: ['id'],
  handshake: ({ payload }) => {
    const type = valueAt(payload, 'type');
    if (isWebhookEvent(payload)) return type === 0 ? answerTo(payload) : undefined;
    return type === PING ? jsonAnswer({ type: PONG }) : undefined;
  },
  deliveryId: ({ payload }) => valueAt(payload, 'id'),
  answer: ({ payload }) => answerTo(payload),
};
