import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { tokenProof } from '../proofs/token.js';
import type { Scheme } from '../scheme.js';

/**
 * Telegram bots. https://core.telegram.org/bots/api#setwebhook
 *
 * Telegram sends the secret token with each update. It runs a method of its API that an answer names, so the
 * answer has none.
 */
export const telegram: Scheme<SignatureConfigOf<'telegram'>> = {
  docs: 'https://core.telegram.org/bots/api#setwebhook',
  steps: [
    'Choose a secret token of letters, digits, _ and -, and save it here. It is not the token of the bot.',
    'curl "https://api.telegram.org/bot$BOT_TOKEN/setWebhook" -d url=WEBHOOK_URL -d secret_token=SECRET_TOKEN',
    'Telegram calls only the ports 443, 80, 88 and 8443.',
  ],
  generates: 'hex',
  sample: {
    body: {
      update_id: 123456789,
      message: {
        message_id: 1365,
        from: { id: 1111111, is_bot: false, first_name: 'Zoë' },
        chat: { id: 1111111, type: 'private' },
        date: 1795896000,
        text: 'What now?',
      },
    },
  },
  proof: {
    ...tokenProof(() => ({ header: 'X-Telegram-Bot-Api-Secret-Token' })),
    coversGet: false,
    faultOfSecret: (secret) =>
      /^[A-Za-z0-9_-]{1,256}$/.test(secret)
        ? undefined
        : 'must be 1 to 256 letters, digits, _ and -, as setWebhook takes it; it is not the token of the bot',
  },
  reads: ['update_id'],
  deliveryId: ({ payload }) => {
    const id = valueAt(payload, 'update_id');
    return typeof id === 'number' ? String(id) : undefined;
  },
};
