import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { InjectOptions } from 'fastify';
import { ADMIN_KEY, testApp } from '../../test/app.js';
import { buildApp } from '../app.js';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
});
beforeEach(() => env.empty());
afterAll(() => env?.close());

const signIn = (api_key: unknown, remoteAddress = '192.0.2.1') =>
  env.app.inject({ method: 'POST', url: '/api/session', payload: { api_key }, remoteAddress });
const cookieOf = (answer: { headers: Record<string, unknown> }) => String(answer.headers['set-cookie']);
/** Requests of the page that signed in with the key. */
async function browser(key: string) {
  const cookie = cookieOf(await signIn(key)).split(';')[0] ?? '';
  const send = (options: InjectOptions) =>
    env.app.inject({
      ...options,
      headers: { cookie, 'sec-fetch-site': 'same-origin', ...options.headers },
    });
  return { cookie, send };
}
const newAgent = { method: 'POST', url: '/api/agents', payload: { name: 'a' } } as const;

describe('signing in', () => {
  test('sets a cookie that only our pages send, that no script reads and that Redis does not store', async () => {
    const { key } = await env.as('operator', { see_payloads: false });
    const answer = await signIn(key);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      name: 'a operator',
      role: 'operator',
      see_payloads: false,
      expires_at: expect.any(String),
    });
    const hours = (Date.parse(answer.json().expires_at) - Date.now()) / 3_600_000;
    expect(hours).toBeCloseTo(12, 1);
    expect(cookieOf(answer)).toMatch(
      /^agenthook_session=ahs_[\w-]{43}; Max-Age=43200; Path=\/api; HttpOnly; SameSite=Strict; Secure$/,
    );
    const token = /=([^;]+)/.exec(cookieOf(answer))?.[1] ?? '';
    const stored = await env.ctx.redis.keys('*session*');
    expect(stored).toHaveLength(1);
    expect(stored.join()).not.toContain(token);
    expect(await env.ctx.redis.get(stored[0] ?? '')).not.toContain(key);
    expect(await env.ctx.redis.ttl(stored[0] ?? '')).toBeGreaterThan(43_100);
  });

  test('leaves out Secure if the public URL is http', async () => {
    const settings = { adminApiKey: ADMIN_KEY, defaultModel: '', publicUrl: () => 'http://localhost:7091' };
    const app = await buildApp(env.ctx, settings);
    const payload = { api_key: ADMIN_KEY };
    const answer = await app.inject({ method: 'POST', url: '/api/session', payload });
    expect(cookieOf(answer)).toMatch(/SameSite=Strict$/);
    await app.close();
  });

  test.each([[''], [7], [null], ['x'.repeat(1001)]])('refuses %j as a key', async (key) => {
    const answer = await signIn(key);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid_request']);
  });

  test('refuses wrong keys and, after ten of them, the network for a while', async () => {
    const codes = [];
    for (let n = 0; n < 12; n++) codes.push((await signIn(`wrong-${n}`, `2001:db8::${n}`)).json().code);
    expect(codes).toEqual([...Array(10).fill('unauthorized'), ...Array(2).fill('too_many_failures')]);
    const locked = await signIn(ADMIN_KEY, '2001:db8:0:0:ffff::1');
    expect(locked.statusCode).toBe(429);
    expect(Number(locked.headers['retry-after'])).toBeGreaterThan(50);
    const elsewhere = await signIn(ADMIN_KEY, '2001:db8:0:1::1');
    expect(elsewhere.statusCode).toBe(200);
  });
});

describe('a session', () => {
  test('may do what its key may', async () => {
    const { key } = await env.as('viewer');
    const { send } = await browser(key);
    expect((await send({ url: '/api/agents' })).statusCode).toBe(200);
    expect((await send(newAgent)).json()).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await send({ url: '/api/session' })).json()).toMatchObject({ role: 'viewer', name: 'a viewer' });
    const admin = await browser(ADMIN_KEY);
    expect((await admin.send(newAgent)).statusCode).toBe(201);
    expect((await admin.send({ url: '/api/session' })).json()).toMatchObject({ role: 'admin' });
  });

  test('yields to a key in the header', async () => {
    const viewer = await env.as('viewer');
    const { cookie } = await browser(ADMIN_KEY);
    const both = await viewer.send({ url: '/api/session', headers: { cookie } });
    expect(both.json()).toMatchObject({ role: 'viewer', expires_at: null });
    expect((await viewer.send({ ...newAgent, headers: { cookie } })).statusCode).toBe(403);
    const authorization = 'Bearer wrong';
    const wrong = await env.app.inject({ url: '/api/session', headers: { cookie, authorization } });
    expect(wrong.statusCode).toBe(401);
    // Credentials for a proxy are not a key of ours.
    const proxied = { cookie, authorization: 'Basic dTpw' };
    expect((await env.app.inject({ url: '/api/session', headers: proxied })).statusCode).toBe(200);
  });

  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another host of the site', { 'sec-fetch-site': 'same-site' }],
    ['a link', { 'sec-fetch-site': 'none' }],
    ['an old browser on another site', { 'sec-fetch-site': undefined, origin: 'https://evil.example' }],
    ['another port', { 'sec-fetch-site': undefined, origin: 'http://localhost:81' }],
    ['a sandboxed frame', { 'sec-fetch-site': undefined, origin: 'null' }],
    ['a client that sends neither header', { 'sec-fetch-site': undefined }],
    ['one whose headers disagree', { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:80' }],
  ])('changes nothing for %s', async (_name, headers) => {
    const { cookie } = await browser(ADMIN_KEY);
    const given = Object.entries({ cookie, ...headers }).filter(([, value]) => value !== undefined);
    const answer = await env.app.inject({ ...newAgent, headers: Object.fromEntries(given) });
    expect(answer.json()).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await env.admin({ url: '/api/agents' })).json().agents).toEqual([]);
  });

  test('allows changes from its own page, by Origin if a browser sends nothing else', async () => {
    const { cookie } = await browser(ADMIN_KEY);
    const headers = { cookie, host: 'Hooks.example:81', origin: 'http://hooks.example:81' };
    expect((await env.app.inject({ ...newAgent, headers })).statusCode).toBe(201);
  });

  test('ends by signing out', async () => {
    const { send, cookie } = await browser(ADMIN_KEY);
    const out = await send({ method: 'DELETE', url: '/api/session' });
    expect(out.statusCode).toBe(204);
    expect(cookieOf(out)).toContain('agenthook_session=; Max-Age=0; Path=/api');
    const after = await env.app.inject({ url: '/api/agents', headers: { cookie } });
    expect(after.json()).toMatchObject({ status: 401, code: 'unauthorized' });
    expect(cookieOf(after)).toContain('Max-Age=0');
  });

  test('ends with its key, and when the environment changes', async () => {
    const { id, key } = await env.as('operator');
    const { send } = await browser(key);
    await env.admin({ method: 'DELETE', url: `/api/keys/${id}` });
    expect((await send({ url: '/api/session' })).statusCode).toBe(401);

    const { cookie } = await browser(ADMIN_KEY);
    const settings = { adminApiKey: `${ADMIN_KEY}2`, defaultModel: '', publicUrl: () => '' };
    const changed = await buildApp(env.ctx, settings);
    expect((await changed.inject({ url: '/api/session', headers: { cookie } })).statusCode).toBe(401);
    await changed.close();
  });

  test('lasts twelve hours from its last use', async () => {
    const { send } = await browser(ADMIN_KEY);
    expect((await send({ url: '/api/agents' })).headers['set-cookie']).toBeUndefined();
    const [name = ''] = await env.ctx.redis.keys('*session*');
    await env.ctx.redis.expire(name, 3600);
    const used = await send({ url: '/api/agents' });
    expect(cookieOf(used)).toContain('Max-Age=43200');
    expect(await env.ctx.redis.ttl(name)).toBeGreaterThan(43_100);
    await env.ctx.redis.pexpire(name, 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await send({ url: '/api/agents' })).statusCode).toBe(401);
  });

  test('is listed, marked and revoked, by an admin and by the owner of the key', async () => {
    const viewer = await env.as('viewer');
    const mine = await browser(viewer.key);
    const other = await browser(viewer.key);
    const admin = await browser(ADMIN_KEY);
    const listed = (await mine.send({ url: '/api/sessions' })).json();
    expect(listed).toMatchObject({
      sessions: [{ key_id: viewer.id }, { key_id: viewer.id }],
      next_cursor: null,
    });
    const current = listed.sessions.filter((session: { current: boolean }) => session.current);
    expect(current).toHaveLength(1);
    expect((await admin.send({ url: '/api/sessions' })).json().sessions).toHaveLength(3);
    // With a key in the header, none is the current one.
    const byKey = (await env.admin({ url: '/api/sessions?limit=2' })).json();
    expect(byKey.sessions.map((session: { current: boolean }) => session.current)).toEqual([false, false]);
    expect(byKey.next_cursor).toEqual(expect.any(String));

    const { id } = listed.sessions.find((session: { current: boolean }) => !session.current);
    const url = `/api/sessions/${id}`;
    const crossSite = { 'sec-fetch-site': 'cross-site' };
    expect((await mine.send({ method: 'DELETE', url, headers: crossSite })).statusCode).toBe(403);
    expect((await mine.send({ method: 'DELETE', url })).statusCode).toBe(204);
    expect((await other.send({ url: '/api/session' })).statusCode).toBe(401);
    expect((await mine.send({ method: 'DELETE', url })).json().code).toBe('unknown_session');
    const last = `/api/sessions/${current[0].id}`;
    expect((await admin.send({ method: 'DELETE', url: last })).statusCode).toBe(204);
    expect((await mine.send({ url: '/api/session' })).statusCode).toBe(401);
  });

  test('ends when its key expires', async () => {
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    const { key } = await env.as('viewer', { expires_at });
    expect((await signIn(key)).json().expires_at).toBe(expires_at);
  });

  test.each(['', 'x', 'ahs_', `ahs_${'A'.repeat(43)}`, 'a=b; c', `ahk_${'A'.repeat(43)}`])(
    'cannot be %j, and trying locks no one out',
    async (value) => {
      const headers = { cookie: `other=1; agenthook_session=${value}; more` };
      for (let n = 0; n < 3; n++) {
        expect((await env.app.inject({ url: '/api/session', headers })).statusCode).toBe(401);
      }
      expect((await env.admin({ url: '/api/session' })).json()).toMatchObject({ role: 'admin' });
    },
  );
});
