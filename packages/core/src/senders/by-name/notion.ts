import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import { emptyAnswer, type Scheme, smallJson } from '../scheme.js';

const signed = hmacProof<SignatureConfigOf<'notion'>>({
  ...SHA256_HEX,
  header: 'X-Notion-Signature',
  prefix: 'sha256=',
  form: 'sha256= and 64 hex digits',
});

/**
 * Notion. https://developers.notion.com/reference/webhooks
 *
 * Notion makes the token that it signs with, and posts it to the URL once. A person enters it at Notion and
 * here, so this request is kept with the rejections. A retry keeps the id of its event.
 */
export const notion: Scheme<SignatureConfigOf<'notion'>> = {
  docs: 'https://developers.notion.com/reference/webhooks',
  steps: [
    'Save the agent without a secret.',
    'At notion.so/profile/integrations, in the integration: Webhooks → Create a subscription, with the webhook URL and ' +
      'the events that the agent needs.',
    'Notion sends its verification_token. It is under Rejections here: save it as the secret.',
    'At Notion: Verify, and paste the same token.',
  ],
  sample: {
    body: {
      id: '367cba44-b6f3-4c92-81e7-6a2e9659efd4',
      timestamp: '2026-11-28T20:00:00.123Z',
      workspace_id: '13950b26-c203-4f3b-b97d-93ec06319565',
      subscription_id: '29d75c0d-5546-4414-8459-7b7a92f1fc4b',
      type: 'page.created',
      authors: [{ id: 'c7c11cca-1d73-471d-9b6e-bdef51470190', type: 'person' }],
      attempt_number: 1,
      entity: { id: '153104cd-477e-809d-8dc4-ff2d96ae3090', type: 'page' },
      data: { parent: { id: '13950b26-c203-4f3b-b97d-93ec06319565', type: 'space' } },
    },
  },
  event: { property: 'type' },
  proof: {
    ...signed,
    isKeyless: true,
    fault: (request, config, keys) =>
      config.secret === undefined
        ? 'the verification_token of the subscription is not saved yet'
        : signed.fault(request, config, keys),
  },
  reads: ['id'],
  greet: ({ method, body }) => {
    const json = method === 'POST' ? smallJson(body) : undefined;
    if (typeof valueAt(json, 'verification_token') !== 'string' || valueAt(json, 'type') !== undefined)
      return undefined;
    const fault = 'save the verification_token of this request as the secret, and enter it at Notion';
    return { fault, answer: emptyAnswer() };
  },
  deliveryId: ({ payload }) => valueAt(payload, 'id'),
};
