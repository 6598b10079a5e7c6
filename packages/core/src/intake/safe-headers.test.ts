import { expect, test } from '@jest/globals';
import { safeHeaders } from './safe-headers.js';

test('safeHeaders keeps the headers by which a body is read, however many others there are', () => {
  const ofBody = { 'content-type': 'text/csv; charset=latin1', 'content-encoding': 'gzip' };
  // It would fit alone.
  expect(safeHeaders({ 'x-long': 'x'.repeat(8_170), 'x-short': 'x', ...ofBody })).toEqual({
    'x-short': 'x',
    ...ofBody,
  });
});

test('safeHeaders keeps what says what an event is, and no credentials or addresses', () => {
  expect(
    safeHeaders(
      {
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
        'linear-event': 'Issue',
        'ce-source': '//a',
        'x-forwarded-for': '192.0.2.1',
        'x-real-ip': '192.0.2.1',
        host: 'hooks.example.com',
        'x-sum': 'signature',
        'x-long': 'x'.repeat(8_000),
      },
      ['x-sum'],
    ),
  ).toEqual({
    'x-github-event': 'push',
    'x-github-delivery': '72d3',
    'x-shopify-topic': 'orders/create',
    'content-type': 'application/json',
    'user-agent': 'u'.repeat(900),
    'linear-event': 'Issue',
    'ce-source': '//a',
  });
});
