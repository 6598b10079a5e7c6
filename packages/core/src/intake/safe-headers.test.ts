import { expect, test } from '@jest/globals';
import { safeHeaders } from './safe-headers.js';

test('safeHeaders keeps what says what an event is, and no credentials', () => {
  expect(
    safeHeaders({
      authorization: 'Bearer x',
      cookie: 'a=b',
      'x-api-key': 'k',
      'x-hub-signature-256': 's',
      'stripe-signature': 's',
      'x-github-event': 'push',
      'x-github-delivery': '72d3',
      'x-shopify-topic': 'orders/create',
      'content-type': 'application/json',
      'user-agent': 'u'.repeat(900),
    }),
  ).toEqual({
    'x-github-event': 'push',
    'x-github-delivery': '72d3',
    'x-shopify-topic': 'orders/create',
    'content-type': 'application/json',
    'user-agent': 'u'.repeat(500),
  });
});
