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
  expect(read(`${name}=s3cret&source=crm`)).toEqual({ ok: true, query: { source: 'crm' } });
});

test.each(['issueKey', 'object_key', 'key', 'author', 'keyword', 'design', 'compass', 'a[b]'])(
  'the parameter %s is kept',
  (name) => {
    expect(read(`${name}=1&${name}=2`)).toEqual({ ok: true, query: { [name]: ['1', '2'] } });
  },
);

test('a query string that cannot be read says how it can', () => {
  const refused = read('name=Zo%EB');
  expect(refused).toMatchObject({
    refusal: { code: 'invalid_form', detail: expect.stringContaining('UTF-8') },
  });
  expect(refused).toMatchObject({ refusal: { detail: expect.stringContaining('parameter') } });
  expect(read('name=Zo%EB&charset=latin1')).toMatchObject({ query: { name: 'Zoë' } });
});
