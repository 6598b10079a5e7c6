import { expect, test } from '@jest/globals';
import { listSenders } from './list-senders.js';

test.each([
  ['standard-webhooks', 'webhook-id'],
  ['svix', 'svix-id'],
  ['sns', 'payload.MessageId'],
  ['shopify', 'X-Shopify-Event-Id'],
  ['slack', 'payload.event_id'],
  ['graph', null],
])('%s names the id of a retry: %s', (scheme, retryId) => {
  const sender = listSenders().find((each) => each.scheme === scheme);
  expect(sender?.retry_id).toBe(retryId);
});
