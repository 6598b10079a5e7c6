import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import type { Scheme } from '../scheme.js';

/**
 * ClickUp. https://developer.clickup.com/docs/webhooksignature
 *
 * A retry keeps the ids of its history items, which several events about one change share.
 */
export const clickup: Scheme<SignatureConfigOf<'clickup'>> = {
  docs: 'https://developer.clickup.com/docs/webhooksignature',
  steps: [
    'POST https://api.clickup.com/api/v2/team/{team_id}/webhook with endpoint (the webhook URL) and events.',
    'The answer has webhook.secret. Save it here.',
  ],
  sample: {
    body: {
      event: 'taskStatusUpdated',
      history_items: [
        {
          id: '2800787326392370170',
          type: 1,
          field: 'status',
          user: { username: 'Zoë' },
          before: { status: 'to do' },
          after: { status: 'in progress' },
        },
      ],
      task_id: '1vj38vv',
      webhook_id: '7fa3ec74-69a8-4530-a251-8a13730bd204',
    },
  },
  event: { property: 'event' },
  proof: hmacProof({ ...SHA256_HEX, header: 'X-Signature' }),
  reads: ['event', 'history_items.0.id'],
  deliveryId: ({ payload }) => {
    const id = valueAt(payload, 'history_items.0.id');
    return id === undefined ? undefined : `${valueAt(payload, 'event')} ${id}`;
  },
};
