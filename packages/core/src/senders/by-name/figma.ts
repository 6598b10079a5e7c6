import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { tokenProof } from '../proofs/token.js';
import { emptyAnswer, type Scheme } from '../scheme.js';

/** A publication has an event for each kind of asset, which lists what was published. */
const PUBLISHED = ['components', 'styles', 'variables'].flatMap((kind) =>
  ['created', 'modified', 'deleted'].map((what) => `${what}_${kind}.0.key`),
);
const READ = [
  ...['webhook_id', 'event_type', 'timestamp'],
  ...PUBLISHED,
  ...['node_id', 'status', 'file_key', 'comment_id', 'version_id'],
];

/**
 * Figma. https://developers.figma.com/docs/rest-api/webhooks/
 *
 * The passcode is in the body. Figma sends a PING when a webhook is created. An event has no id; a retry
 * keeps its time and its file, and counts in `retries`.
 */
export const figma: Scheme<SignatureConfigOf<'figma'>> = {
  docs: 'https://developers.figma.com/docs/rest-api/webhooks/',
  steps: [
    'Choose a passcode of up to 100 characters, and save it here first.',
    'POST https://api.figma.com/v2/webhooks with event_type, context, context_id, endpoint (the webhook URL) and ' +
      'passcode (the one you saved).',
    'Figma sends a PING, which is answered and runs nothing.',
  ],
  generates: 'hex',
  sample: {
    body: {
      event_type: 'FILE_COMMENT',
      webhook_id: '22',
      timestamp: '2026-11-28T20:00:00Z',
      retries: 0,
      file_key: 'zH9KHfoSXNlWXpW28Hb5XM',
      file_name: 'Shop',
      comment_id: '32',
      comment: [{ text: 'Make the button larger' }],
      triggered_by: { id: '813845097374535682', handle: 'Zoë' },
    },
  },
  event: { property: 'event_type' },
  proof: {
    ...tokenProof(() => ({ property: 'passcode' })),
    faultOfSecret: (secret) => (secret.length <= 100 ? undefined : 'must have at most 100 characters'),
  },
  reads: READ,
  handshake: ({ payload }) => (valueAt(payload, 'event_type') === 'PING' ? emptyAnswer() : undefined),
  deliveryId: ({ payload }) => {
    const parts = READ.map((name) => valueAt(payload, name));
    return parts[2] === undefined ? undefined : parts.filter((part) => part !== undefined).join(' ');
  },
};
