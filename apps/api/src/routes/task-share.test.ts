import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;
let agent: string;
let taskId: string;

beforeAll(async () => {
  env = await testApp();
  agent = (await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'Shared' } })).json().id;
  const minted = await env.admin({ method: 'POST', url: `/api/agents/${agent}/webhook` });
  const url = `/api/webhooks/agents/${minted.json().token}`;
  taskId = (await env.app.inject({ method: 'POST', url, payload: { card: '4111' } })).json().task_id;
});
afterAll(() => env?.close());

const share = (payload: object, as = env.admin) =>
  as({ method: 'POST', url: `/api/tasks/${taskId}/share`, payload });
const open = (url: string) =>
  env.app.inject({ method: 'POST', url: '/api/shared', payload: { token: new URL(url).hash.slice(1) } });

test('a link shows what its maker chose, and nothing of it is stored in clear', async () => {
  const status = (await share({ shows: 'status' })).json();
  const full = (await share({ shows: 'full' })).json();
  const shown = await open(status.url);
  expect(shown.json()).toMatchObject({ shows: 'status', agent_name: 'Shared', trace: null });
  expect(shown.body).not.toContain('4111');
  expect(shown.headers).toMatchObject({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });
  expect((await open(full.url)).json().trace.payload).toEqual({ card: '4111' });
  const token = new URL(full.url).hash.slice(1);
  const values = await Promise.all(
    (await env.ctx.redis.keys('*share*')).map(async (key) =>
      (await env.ctx.redis.type(key)) === 'hash'
        ? JSON.stringify(await env.ctx.redis.hgetall(key))
        : String(await env.ctx.redis.get(key)),
    ),
  );
  expect(values.length).toBeGreaterThan(1);
  expect(values.join()).not.toContain(token);
});

test('only a link that shows the steps reads the journal', async () => {
  const { url } = (await share({ shows: 'status' })).json();
  const all = (await share({ shows: 'full' })).json();
  const log = `{agenthook:0}:log:${taskId}`;
  await env.ctx.redis.xadd(log, '*', 'e', 'no JSON');
  expect((await open(all.url)).statusCode).not.toBe(200);
  expect((await open(url)).json()).toMatchObject({ agent_name: 'Shared', state: { status: 'PENDING' } });
  await env.ctx.redis.del(log);
});

test('it ends by itself, when it is revoked, and with its run; all answers are alike', async () => {
  const made = (await share({ shows: 'answer', expires_in_seconds: 60 })).json();
  const { shares } = (await env.admin({ url: `/api/tasks/${taskId}/shares` })).json();
  expect(shares[0]).toEqual({ ...made, url: undefined });
  const revoke = { method: 'DELETE', url: `/api/tasks/${taskId}/shares/${made.id}` } as const;
  expect((await env.admin(revoke)).statusCode).toBe(204);
  const unknown = (await open('http://x/#ahr_none')).json();
  expect(unknown).toMatchObject({ status: 404, code: 'unknown_share' });
  expect((await open(made.url)).json()).toEqual(unknown);
  expect((await env.admin(revoke)).json().code).toBe('unknown_share');

  const last = (await share({ shows: 'status' })).json();
  await env.admin({ method: 'POST', url: `/api/tasks/${taskId}/cancel` });
  expect((await open(last.url)).json()).toMatchObject({ state: { status: 'FAILURE', result: null } });
  await env.admin({ method: 'DELETE', url: `/api/tasks/${taskId}` });
  expect((await open(last.url)).json()).toEqual(unknown);
  expect(await env.ctx.redis.keys('*share*')).toEqual([]);
});

test('a key that may not see payloads shares the status alone, and a viewer nothing', async () => {
  const operator = await env.as('operator', { see_payloads: false });
  for (const shows of ['full', 'answer']) {
    const refused = await share({ shows }, operator.send);
    expect([shows, refused.statusCode, refused.json().code]).toEqual([shows, 403, 'forbidden']);
  }
  const viewer = await env.as('viewer');
  expect((await share({ shows: 'status' }, viewer.send)).statusCode).toBe(403);
});
