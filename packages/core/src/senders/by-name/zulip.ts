import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { tokenProof } from '../proofs/token.js';
import { jsonAnswer, type Scheme } from '../scheme.js';

/**
 * Zulip: outgoing webhook bots. https://zulip.com/api/outgoing-webhooks
 *
 * The token is in the body. Zulip shows an error to the user for an answer that is no JSON object, and posts
 * a `content` in it as a reply.
 */
export const zulip: Scheme<SignatureConfigOf<'zulip'>> = {
  docs: 'https://zulip.com/api/outgoing-webhooks',
  steps: [
    'Personal settings → Bots → Add a new bot. Bot type: Outgoing webhook. Endpoint URL: the webhook URL.',
    'Download the zuliprc of the bot. Save the `token` in it here.',
    'Mention the bot in a channel, or send it a direct message.',
    'To reply with the result, set a `response` with wait_seconds and the body {"content": …}.',
  ],
  sample: {
    body: {
      bot_email: 'agent-bot@chat.example.com',
      bot_full_name: 'Agent',
      data: '@**Agent** build the shop',
      trigger: 'mention',
      message: {
        id: 112,
        sender_email: 'zoe@example.com',
        sender_full_name: 'Zoë',
        display_recipient: 'Verona',
        subject: 'Shop',
        type: 'stream',
        content: '@**Agent** build the shop',
        timestamp: 1_795_896_000,
      },
    },
  },
  event: { property: 'trigger' },
  proof: tokenProof(() => ({ property: 'token' })),
  reads: ['message.id'],
  deliveryId: ({ payload }) => {
    const id = valueAt(payload, 'message.id');
    return id === undefined ? undefined : String(id);
  },
  answer: () => jsonAnswer({ response_not_required: true }),
};
