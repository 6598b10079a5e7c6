import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { isSameText, oneFits } from '../proofs/equal.js';
import { echoed, type Scheme, textAnswer } from '../scheme.js';

/** Graph sends fewer in one request. */
const MOST_NOTIFICATIONS = 1_000;

/**
 * Change notifications of Microsoft Graph.
 * https://learn.microsoft.com/en-us/graph/change-notifications-delivery-webhooks
 *
 * Graph creates a subscription only after the URL has returned its token. It does not sign; each notification
 * repeats the clientState of its subscription.
 */
export const graph: Scheme<SignatureConfigOf<'graph'>> = {
  docs: 'https://learn.microsoft.com/en-us/graph/change-notifications-delivery-webhooks',
  steps: [
    'Choose a clientState of up to 128 characters, and save it here first.',
    'POST https://graph.microsoft.com/v1.0/subscriptions with changeType, resource, expirationDateTime, ' +
      'notificationUrl (the webhook URL, also as lifecycleNotificationUrl) and clientState (the one you saved).',
    'Graph sends a token, which is answered at once. Renew the subscription before it expires.',
  ],
  sample: {
    body: {
      value: [
        {
          subscriptionId: '7f105c7d-2dc5-4530-97cd-4e7ae6534c07',
          subscriptionExpirationDateTime: '2026-12-01T18:23:45Z',
          changeType: 'created',
          resource: 'Users/ddfcd489-628b-40d7-b48b-57002df800e5/Messages/AAMkADk0',
          tenantId: '84bd8158-6d4d-4958-8b9f-9d6445542f95',
          resourceData: { '@odata.type': '#Microsoft.Graph.Message', id: 'AAMkADk0' },
        },
      ],
    },
  },
  event: { property: 'value.0.changeType' },
  proof: {
    isInPayload: () => true,
    isToken: true,
    fault: ({ payload }, _config, { keys }) => {
      const value = valueAt(payload, 'value');
      if (!Array.isArray(value) || value.length === 0) return 'the body has no list value';
      if (value.length > MOST_NOTIFICATIONS)
        return `the body has more than ${MOST_NOTIFICATIONS} notifications`;
      const isKnown = (given: unknown) =>
        typeof given === 'string' && oneFits(keys, (key) => isSameText(given, key));
      return value.every((one) => isKnown(valueAt(one, 'clientState')))
        ? undefined
        : 'clientState is not that of this agent in each notification';
    },
    sign: ({ body }, _config, key) => {
      const { value = [] } = JSON.parse(body.toString()) as { value?: object[] };
      const signed = { value: value.map((one) => ({ ...one, clientState: key })) };
      return { headers: {}, body: Buffer.from(JSON.stringify(signed)) };
    },
    hides: () => ({ headers: [], properties: ['value.*.clientState'] }),
    faultOfSecret: (secret) => (secret.length <= 128 ? undefined : 'must have at most 128 characters'),
  },
  greet: ({ method, query }) => {
    const token = method === 'POST' ? new URLSearchParams(query).get('validationToken') : null;
    if (token === null) return undefined;
    const text = echoed(token);
    return text === undefined ? { fault: 'validationToken is not a token of Graph' } : textAnswer(text);
  },
};
