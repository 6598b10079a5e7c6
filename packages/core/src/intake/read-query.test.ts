import { expect, test } from '@jest/globals';
import { readQuery } from './read-query.js';

const read = (query: string) =>
  readQuery({ method: 'POST', url: `?${query}`, query, body: Buffer.alloc(0), headers: {} }, undefined);

test.each([
  'token',
  'accessToken',
  'api_key',
  'apiKey',
  'x-api-key',
  'subscription-key',
  'password',
  'client_secret',
  'sig',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'auth',
])('the parameter %s may hold a credential and is left out', (name) => {
  expect(read(`${name}=s3cret&source=crm`)).toEqual({ source: 'crm' });
});

test.each(['issueKey', 'object_key', 'key', 'author', 'keyword', 'design', 'compass', 'a[b]'])(
  'the parameter %s is kept',
  (name) => {
    expect(read(`${name}=1&${name}=2`)).toEqual({ [name]: ['1', '2'] });
  },
);

test.each<[string, string, object]>([
  ['a value', 'a=%ff&name=Zo%C3%AB', { a: '%ff', name: 'Zoë' }],
  ['a byte', 'a=Zo\xeb+x&b=1', { a: 'Zo%eb+x', b: '1' }],
  ['a name', '%ff=1', { '%ff': '1' }],
])('%s that cannot be decoded stays as it was sent', (_what, query, expected) => {
  expect(read(query)).toEqual(expected);
});

test('a charset parameter says how to decode, and nothing in a query refuses an event', () => {
  expect(read('name=Zo%EB&charset=latin1')).toMatchObject({ name: 'Zoë' });
  expect(read('__proto__=x&a=1')).toEqual({ a: '1' });
  expect(Object.keys(read(Array.from({ length: 3_000 }, (_, n) => `p${n}=`).join('&')))).toHaveLength(1_000);
});
