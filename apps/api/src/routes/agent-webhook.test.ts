import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

/** As DocsGPT makes its tokens: secrets.token_urlsafe(32). */
const TOKEN = 'nSCr6OJR2CF0gcqnW4GzHCVZ1d4Yv5WlbaYmq8SEq0g';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
});
beforeEach(() => env.empty());
afterAll(() => env?.close());

async function newAgent(): Promise<string> {
  const created = await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'a' } });
  return `/api/agents/${created.json().id}/webhook`;
}
const mint = (url: string, payload: object) => env.admin({ method: 'POST', url, payload });
const post = (token: string) =>
  env.app.inject({ method: 'POST', url: `/api/webhooks/agents/${token}`, payload: { a: 1 } });

test('senders keep the URL that they have when its token is minted here', async () => {
  const unknown = await post(TOKEN);
  const minted = await mint(await newAgent(), { token: TOKEN });
  expect([minted.statusCode, minted.json()]).toEqual([
    200,
    {
      webhook_url: expect.stringMatching(new RegExp(`/api/webhooks/agents/${TOKEN}$`)),
      token: TOKEN,
      previous_expires_at: null,
    },
  ]);
  expect((await post(TOKEN)).json()).toEqual({ success: true, task_id: expect.any(String) });

  // A token of this form that is unknown is refused as every other.
  expect(unknown.statusCode).toBe(404);
  for (const other of ['x', TOKEN.toLowerCase(), `whk_${'x'.repeat(43)}`, 'x'.repeat(129)])
    expect([other, (await post(other)).body]).toEqual([other, unknown.body]);
});

test.each([
  ['too short', 'x'.repeat(31)],
  ['too long', 'x'.repeat(129)],
  ['with other characters', `${'x'.repeat(40)}/ä `],
  ['an API key', `ahk_${'x'.repeat(43)}`],
  ['not text', 1],
])('a token that is %s is refused, and not repeated', async (_name, token) => {
  const refused = await mint(await newAgent(), { token });
  expect(refused.json()).toMatchObject({
    status: 400,
    code: 'invalid_request',
    errors: [{ path: '/token' }],
  });
  if (typeof token === 'string') expect(refused.body).not.toContain(token);
});

test('a token in use is refused, and the webhook of the other agent keeps working', async () => {
  const first = await newAgent();
  await mint(first, { token: TOKEN });
  for (const url of [first, await newAgent()])
    expect((await mint(url, { token: TOKEN })).json()).toMatchObject({ status: 409, code: 'token_in_use' });
  expect((await post(TOKEN)).statusCode).toBe(200);
});

test('only an admin mints', async () => {
  const url = await newAgent();
  const { send } = await env.as('operator');
  expect((await send({ method: 'POST', url, payload: { token: TOKEN } })).statusCode).toBe(403);
});
