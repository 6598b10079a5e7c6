import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
});
afterAll(() => env?.close());

test.each(['/openapi.json', '/docs/json', '/docs/yaml', '/api/tools'])(
  '%s is written once, and not sent to a client that has it',
  async (url) => {
    const first = await env.admin({ url });
    expect(first.statusCode).toBe(200);
    const { etag } = first.headers;
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    expect(first.headers['cache-control']).toBe('private, no-cache');
    for (const known of [String(etag), `"other", W/${etag}`, '*']) {
      const again = await env.admin({ url, headers: { 'if-none-match': known } });
      expect([known, again.statusCode, again.body, again.headers.etag]).toEqual([known, 304, '', etag]);
    }
    const other = await env.admin({ url, headers: { 'if-none-match': '"another"' } });
    expect([other.statusCode, other.body]).toEqual([200, first.body]);
  },
);

test('the description is not serialised again', async () => {
  await env.app.inject('/openapi.json');
  const description = env.app.swagger() as { toJSON?: () => never };
  description.toJSON = () => {
    throw new Error('serialised again');
  };
  try {
    for (const url of ['/openapi.json', '/docs/json']) {
      const answer = await env.app.inject(url);
      expect([answer.statusCode, answer.json().openapi]).toEqual([200, '3.1.0']);
    }
  } finally {
    delete description.toJSON;
  }
});
