import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { tokenProof } from '../proofs/token.js';
import { jsonAnswer, type Scheme } from '../scheme.js';

/**
 * Rocket.Chat: outgoing webhooks. https://docs.rocket.chat/docs/integrations
 *
 * The token is in the body. A message that is edited keeps its id, and is another event. A `text` in the
 * answer is posted into the channel.
 */
export const rocketchat: Scheme<SignatureConfigOf<'rocketchat'>> = {
  docs: 'https://docs.rocket.chat/docs/integrations',
  steps: [
    'Administration → Workspace → Integrations → New → Outgoing.',
    'Event Trigger: Message Sent, with the channels. URLs: the webhook URL.',
    'Copy the Token of the integration, and paste it here. Enabled: on. Save.',
    'To post the result into the channel, set a `response` with wait_seconds and the body {"text": …}.',
  ],
  sample: {
    body: {
      bot: false,
      channel_id: 'GENERAL',
      channel_name: 'general',
      message_id: 'AxsPrcZe3Y4TQVHvY',
      timestamp: '2026-11-28T20:00:00.000Z',
      user_id: 'rocket.cat',
      user_name: 'zoe',
      text: 'build the shop',
      siteUrl: 'https://chat.example.com',
    },
  },
  event: { property: 'trigger_word' },
  proof: tokenProof(() => ({ property: 'token' })),
  reads: ['message_id', 'isEdited'],
  deliveryId: ({ payload }) =>
    valueAt(payload, 'isEdited') === undefined ? valueAt(payload, 'message_id') : undefined,
  answer: () => jsonAnswer({}),
};
