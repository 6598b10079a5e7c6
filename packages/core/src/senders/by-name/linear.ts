import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import type { Proof } from '../proofs/proof.js';
import { faultOfTime } from '../proofs/time.js';
import type { Scheme } from '../scheme.js';

type Config = SignatureConfigOf<'linear'>;

const signed: Proof<Config> = hmacProof({ ...SHA256_HEX, header: 'Linear-Signature' });

/**
 * Linear. https://linear.app/developers/webhooks#securing-webhooks
 *
 * The time is in the body, in milliseconds. Linear sets it again at each attempt.
 */
export const linear: Scheme<Config> = {
  docs: 'https://linear.app/developers/webhooks',
  steps: [
    'Settings → API → Webhooks → New webhook.',
    'URL: the webhook URL. Data change events: only those that the agent needs.',
    'Create webhook, then copy the Signing secret (lin_wh_…) from its page, and paste it here.',
  ],
  sample: {
    headers: { 'Linear-Event': 'Issue', 'Linear-Delivery': '234d1a4e-b617-4388-90fe-adc3633d6b72' },
    body: {
      action: 'create',
      type: 'Issue',
      actor: { type: 'user', name: 'Zoë' },
      data: { id: '2174add1-f7c8-44e3-bbf3-2d60b5ea8bc9', number: 7, title: 'Checkout fails' },
      webhookTimestamp: 1795896000000,
    },
  },
  event: { header: 'Linear-Event' },
  proof: {
    ...signed,
    isInPayload: () => true,
    fault: async (request, config, keys) => {
      const fault = await signed.fault(request, config, keys);
      if (fault !== undefined) return fault;
      const time = valueAt(request.payload, 'webhookTimestamp');
      if (typeof time !== 'number') return 'webhookTimestamp is missing in the body';
      return faultOfTime(String(time), 'unix', config.tolerance_seconds ?? 0, keys.nowMs);
    },
    sign: (request, config, secret, made) => {
      const body = Buffer.from(request.body.toString().replace(TIME, `$1${made.nowMs}`));
      return { headers: {}, ...signed.sign?.({ ...request, body }, config, secret, made), body };
    },
  },
  reads: ['webhookTimestamp'],
  idHeader: () => 'Linear-Delivery',
};

const TIME = /("webhookTimestamp": ?)\d{13}/;
