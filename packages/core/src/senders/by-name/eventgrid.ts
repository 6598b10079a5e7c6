import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { tokenProof } from '../proofs/token.js';
import { echoed, emptyAnswer, headerOf, jsonAnswer, onlyOne, type Scheme, smallJson } from '../scheme.js';

/**
 * Azure Event Grid, in its own schema and as CloudEvents.
 * https://learn.microsoft.com/en-us/azure/event-grid/end-point-validation-event-grid-events-schema
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md#4-abuse-protection
 *
 * Event Grid does not sign. It sends batches; a batch of one has an id that a retry keeps. The source is part
 * of it, because only both together identify a CloudEvent.
 */
export const eventgrid: Scheme<SignatureConfigOf<'eventgrid'>> = {
  docs: 'https://learn.microsoft.com/en-us/azure/event-grid/handler-webhooks',
  steps: [
    'In the topic: + Event Subscription. Endpoint type: Web Hook. Endpoint: the webhook URL.',
    'To check that events come from the subscription: Delivery Properties → Add property, name Authorization, type ' +
      'Static, a long random value that is secret. Save the value here first.',
    'Create. Event Grid validates the URL, which is answered at once.',
  ],
  sample: {
    headers: {
      'aeg-event-type': 'Notification',
      'aeg-subscription-name': 'AGENTS',
      'aeg-delivery-count': '0',
    },
    body: [
      {
        id: '831e1650-001e-001b-66ab-eeb76e069631',
        topic: '/subscriptions/319a9601/resourceGroups/shop/providers/Microsoft.Storage/storageAccounts/shop',
        subject: '/blobServices/default/containers/invoices/blobs/7.pdf',
        eventType: 'Microsoft.Storage.BlobCreated',
        eventTime: '2026-11-28T20:00:00.0000000Z',
        data: {
          api: 'PutBlob',
          contentType: 'application/pdf',
          url: 'https://shop.blob.core.windows.net/invoices/7.pdf',
        },
        dataVersion: '',
        metadataVersion: '1',
      },
    ],
  },
  event: { property: '0.eventType' },
  proof: tokenProof(({ header = 'Authorization' }) => ({ header })),
  reads: ['id', 'source'],
  greet: (request) => {
    if (request.method === 'OPTIONS') {
      const origin = echoed(headerOf(request, 'WebHook-Request-Origin'));
      if (origin === undefined) return undefined;
      return emptyAnswer(200, {
        'WebHook-Allowed-Origin': origin,
        'WebHook-Allowed-Rate': '*',
        Allow: 'POST',
      });
    }
    if (headerOf(request, 'aeg-event-type') !== 'SubscriptionValidation') return undefined;
    const code = echoed(valueAt(smallJson(request.body), '0.data.validationCode'));
    return code === undefined
      ? { fault: 'data.validationCode is missing' }
      : jsonAnswer({ validationResponse: code });
  },
  handshake: (event) =>
    headerOf(event, 'aeg-event-type') === 'SubscriptionDeletion' ? emptyAnswer() : undefined,
  deliveryId: ({ payload }) => {
    const event = Array.isArray(payload) ? onlyOne(payload) : payload;
    const [id, source] = [valueAt(event, 'id'), valueAt(event, 'source') ?? valueAt(event, 'topic')];
    return typeof id === 'string' ? `${source ?? ''} ${id}` : undefined;
  },
};
