import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
  for (const name of ['one', 'two', 'three'])
    await env.admin({
      method: 'POST',
      url: '/api/agents',
      payload: { name, system_prompt: 'a'.repeat(900) },
    });
});
afterAll(() => env?.close());

const UNPACK = { br: brotliDecompressSync, gzip: gunzipSync };

test.each(['/api/agents', '/openapi.json', '/docs/json'])(
  '%s is compressed as the client likes',
  async (url) => {
    const plain = await env.admin({ url });
    expect(plain.headers['content-encoding']).toBeUndefined();
    for (const coding of ['br', 'gzip'] as const) {
      const packed = await env.admin({ url, headers: { 'accept-encoding': coding } });
      expect([packed.statusCode, packed.headers['content-encoding']]).toEqual([200, coding]);
      expect(packed.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
      expect(UNPACK[coding](packed.rawPayload).toString()).toBe(plain.body);
      expect(packed.headers.vary).toContain('accept-encoding');
    }
  },
);

test('a short answer is sent as it is', async () => {
  const answer = await env.admin({ url: '/api/keys', headers: { 'accept-encoding': 'br' } });
  expect([answer.statusCode, answer.headers['content-encoding']]).toEqual([200, undefined]);
});

test('a list that has not changed is not sent again', async () => {
  const first = await env.admin({ url: '/api/agents', headers: { 'accept-encoding': 'br' } });
  const etag = String(first.headers.etag);
  expect(etag).toMatch(/^W\/"[\w-]{43}"$/);
  const headers = { 'accept-encoding': 'br', 'if-none-match': etag };
  const again = await env.admin({ url: '/api/agents', headers });
  expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', etag]);
  await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'four' } });
  expect((await env.admin({ url: '/api/agents', headers })).statusCode).toBe(200);
});

test("errors have no tag, and an agent's tag stays its version", async () => {
  const missing = await env.admin({ url: '/api/agents/agt_none', headers: { 'if-none-match': '*' } });
  expect([missing.statusCode, missing.headers.etag]).toEqual([404, undefined]);
  const [agent] = (await env.admin({ url: '/api/agents' })).json().agents;
  const got = await env.admin({ url: `/api/agents/${agent.id}`, headers: { 'if-none-match': '"1"' } });
  expect([got.statusCode, got.headers.etag]).toEqual([200, '"1"']);
});
