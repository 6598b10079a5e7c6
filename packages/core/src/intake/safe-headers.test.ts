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

test('safeHeaders reads values as UTF-8, and as Latin-1 if they are none', () => {
  const asNode = (text: string) => Buffer.from(text).toString('latin1');
  const safe = safeHeaders({ 'x-utf-8': asNode('Zoë 日本'), 'x-latin-1': 'Zoë', 'x-ascii': 'Zoe' });
  expect(safe).toEqual({ 'x-utf-8': 'Zoë 日本', 'x-latin-1': 'Zoë', 'x-ascii': 'Zoe' });
  // As a rejection is read again.
  expect(safeHeaders(safe)).toEqual(safe);
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
