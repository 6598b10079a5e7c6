import { ROLES, type Role } from '@agenthook/contracts';
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

interface Operation {
  security?: unknown[];
  'x-required-role'?: Role;
}

/** Every operation that needs a key, with a request that would reach it. */
async function managed(): Promise<{ role: Role; request: InjectOptions }[]> {
  const { paths } = (await env.app.inject('/openapi.json')).json() as {
    paths: Record<string, Record<string, Operation>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      const role = operation['x-required-role'];
      const request = { method: method.toUpperCase() as 'GET', url: path.replace(/\{\w+\}/g, 'none') };
      return role === undefined ? [] : [{ role, request }];
    }),
  );
}

describe('every managed route', () => {
  test('refuses requests without a key and roles below its own, and accepts its own', async () => {
    const routes = await managed();
    expect(routes.length).toBeGreaterThan(15);
    const callers = await Promise.all(ROLES.map((role) => env.as(role)));
    for (const { role, request } of routes) {
      const name = `${request.method} ${request.url}`;
      const bare = await env.app.inject(request);
      expect([name, bare.statusCode, bare.json().code]).toEqual([name, 401, 'unauthorized']);
      for (const [rank, caller] of callers.entries()) {
        const allowed = rank >= ROLES.indexOf(role);
        // A key that ends its own session would end the test.
        if (allowed && /session/.test(name)) continue;
        const answer = await caller.send(request);
        const told = String(answer.headers['content-type']).includes('problem') ? answer.json() : {};
        expect([name, ROLES[rank], told.code === 'forbidden']).toEqual([name, ROLES[rank], !allowed]);
        if (!allowed) {
          expect(answer.statusCode).toBe(403);
          expect(told.detail).toContain(role);
        }
      }
    }
  });

  test('cannot be added without its access and what is withheld', async () => {
    const settings = { adminApiKey: ADMIN_KEY, defaultModel: '', publicUrl: () => '' };
    const app = await buildApp(env.ctx, settings);
    const handler = async () => ({});
    expect(() => app.get('/api/new', handler)).toThrow('GET /api/new declares no config.access');
    expect(() => app.get('/api/new', { config: { access: 'viewer' } }, handler)).toThrow('config.withhold');
    expect(() => app.post('/api/new', { config: { access: 'operator' } }, handler)).toThrow(
      'config.withhold',
    );
    app.get('/api/new', { config: { access: 'admin' } }, handler);
    await app.close();
  });
});

describe('an API key', () => {
  const whoFails = async (authorization: string) =>
    (await env.app.inject({ url: '/api/agents', headers: { authorization } })).statusCode;

  test('is read from the header as in RFC 6750', async () => {
    const { key } = await env.as('viewer');
    expect(await whoFails(`Bearer ${key}`)).toBe(200);
    expect(await whoFails(`bearer  ${key}`)).toBe(200);
    for (const wrong of [
      `Basic ${key}`,
      key,
      `Bearer ${key}x`,
      `Bearer ${key.toUpperCase()}`,
      `Bearer x ${key}`,
      'Bearer ',
      `Bearer ${key.replace('ahk_', 'whk_')}`,
    ]) {
      expect([wrong, await whoFails(wrong)]).toEqual([wrong, 401]);
    }
  });

  test('stops working when it is revoked and when it expires', async () => {
    const revoked = await env.as('operator');
    expect((await env.admin({ method: 'DELETE', url: `/api/keys/${revoked.id}` })).statusCode).toBe(204);
    expect((await revoked.send({ url: '/api/agents' })).statusCode).toBe(401);
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    const expiring = await env.as('viewer', { expires_at });
    expect((await expiring.send({ url: '/api/agents' })).statusCode).toBe(200);
    const { now } = env.ctx;
    env.ctx.now = () => Date.parse(expires_at);
    try {
      expect((await expiring.send({ url: '/api/agents' })).statusCode).toBe(401);
    } finally {
      env.ctx.now = now;
    }
  });
});

describe('a wrong key at a route that pages of any origin may call', () => {
  const events = '/api/tasks/x/events';
  const ask = (url: string, key: string, headers = {}, remoteAddress = '203.0.113.1') =>
    env.app.inject({ url, remoteAddress, headers: { authorization: `Bearer ${key}`, ...headers } });

  test.each([
    ['an Origin', { origin: 'https://evil.example' }],
    ['an invalid Origin', { origin: 'null' }],
    ['another port', { origin: 'http://localhost:81' }],
    ['Fetch Metadata', { 'sec-fetch-site': 'cross-site' }],
    ['Fetch Metadata of a neighbour', { 'sec-fetch-site': 'same-site', origin: 'http://localhost:80' }],
  ])('is refused with %s, and so is a correct one, without comparing', async (_what, headers) => {
    for (let n = 0; n < 12; n++) {
      const answer = await ask(events, n % 2 ? 'wrong' : ADMIN_KEY, headers);
      expect(answer.json()).toMatchObject({ status: 403, code: 'forbidden' });
    }
    expect((await ask('/api/agents', ADMIN_KEY)).statusCode).toBe(200);
    // Programs, and pages of this server, may use keys there.
    for (const own of [{}, { origin: 'http://localhost:80' }, { 'sec-fetch-site': 'same-origin' }])
      expect((await ask(events, ADMIN_KEY, own)).json()).toMatchObject({ code: 'unknown_task' });
  });

  test('does not count at routes that need keys, and stops guessing only there', async () => {
    const from = '203.0.113.2';
    const answers = [];
    for (let n = 0; n < 12; n++) answers.push((await ask(events, `wrong-${n}`, {}, from)).statusCode);
    expect(answers).toEqual([...Array(10).fill(401), 429, 429]);
    expect((await ask(events, ADMIN_KEY, {}, from)).statusCode).toBe(429);
    expect((await ask('/api/agents', ADMIN_KEY, {}, from)).statusCode).toBe(200);
  });
});
