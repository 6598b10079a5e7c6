import { hash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let app: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  app = await testApp();
});
afterAll(async () => {
  await app?.close();
});

const make = () => app.admin({ method: 'POST', url: '/api/session/links' });
const use = (token: string) =>
  app.app.inject({ method: 'POST', url: '/api/session/links/use', payload: { token } });

test('a link signs in once, as an admin, and is stored as a hash that expires', async () => {
  const made = await make();
  expect(made.statusCode).toBe(201);
  const [page, token = ''] = made.json().url.split('#link=');
  expect(page).toBe('https://hooks.example.com/sign-in');
  const stored = await app.ctx.redis.keys('*:sign-in:*');
  expect(stored).toEqual([`{agenthook}:sign-in:${hash('sha256', token, 'base64url')}`]);
  expect(await app.ctx.redis.ttl(stored[0] ?? '')).toBeGreaterThan(890);

  const answers = await Promise.all([use(token), use(token)]);
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 401]);
  const signedIn = answers.find(({ statusCode }) => statusCode === 200);
  const cookie = String(signedIn?.headers['set-cookie']).split(';')[0] ?? '';
  const who = await app.app.inject({ url: '/api/session', headers: { cookie } });
  expect(who.json()).toMatchObject({ role: 'admin', see_payloads: true });
  expect((await use(token)).json()).toMatchObject({ code: 'unauthorized' });
});

test('nobody else makes links, and nothing else is one', async () => {
  const other = await app.as('admin');
  const refused = await other.send({ method: 'POST', url: '/api/session/links' });
  expect([refused.statusCode, refused.json().code]).toEqual([403, 'forbidden']);
  expect((await app.app.inject({ method: 'POST', url: '/api/session/links' })).statusCode).toBe(401);
  for (const token of ['x', `ahl_${'A'.repeat(43)}`, `ahs_${'A'.repeat(43)}`])
    expect((await use(token)).statusCode).toBe(401);
});
