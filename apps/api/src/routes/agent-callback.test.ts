import { randomBytes } from 'node:crypto';
import { enqueueCallback } from '@agenthook/core';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

const URL_A = 'https://shop.example.com/hooks?key=query-secret';
const URL_B = 'https://shop.example.com/other';
const TASK_ID = '00000000-0000-8000-8000-000000000001';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
});
afterAll(() => env?.close());

const call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH', url: string, payload?: object) =>
  env.admin({ method, url, ...(payload && { payload }) });

async function create(callback?: object | null) {
  const response = await call('POST', '/api/agents', { name: 'Told', callback });
  expect(response.statusCode).toBe(201);
  const agent = response.json();
  return { ...agent, path: `/api/agents/${agent.id}` };
}

const read = async (path: string) => (await call('GET', path)).json().callback;

test('a new secret is shown once, and stays when the URL changes', async () => {
  const agent = await create({ url: URL_A });
  const { secret } = agent.callback;
  expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
  const masked = { url: URL_A, secret: true, previous_expires_at: null, disabled: null };
  expect(agent.callback).toEqual({ ...masked, secret });
  expect(await read(agent.path)).toEqual(masked);

  const moved = { ...masked, url: URL_B };
  expect((await call('PATCH', agent.path, { callback: { url: URL_B } })).json().callback).toEqual(moved);
  const put = { name: 'Told', callback: { url: URL_A, secret: true } };
  expect((await call('PUT', agent.path, put)).json().callback).toEqual(masked);
  expect((await call('PATCH', agent.path, { name: 'Other' })).json().callback).toEqual(masked);

  const paths = [1, 2, 3, 4].map((version) => `${agent.path}/versions/${version}`);
  const bodies = await Promise.all([...paths, '/api/agents'].map((path) => call('GET', path)));
  const everything = bodies.map(({ body }) => body).join();
  expect(everything).toContain(URL_B);
  expect(everything).not.toContain('whsec_');
  expect(await env.ctx.redis.hget(`{agenthook}:agent:${agent.id}`, 'callback_secrets')).not.toContain(secret);
});

test('a callback that was removed gets a new secret when it is added again', async () => {
  const agent = await create({ url: URL_A });
  expect((await call('PUT', agent.path, { name: 'Told' })).json().callback).toBeNull();
  const again = (await call('PATCH', agent.path, { callback: { url: URL_A } })).json().callback;
  expect(again.secret).toMatch(/^whsec_/);
  expect(again.secret).not.toBe(agent.callback.secret);
});

test.each([24, 32, 64])('a secret of %d bytes is accepted, and never shown', async (bytes) => {
  const secret = `whsec_${randomBytes(bytes).toString('base64')}`;
  const agent = await create({ url: URL_A, secret });
  expect(agent.callback.secret).toBe(true);
});

test.each([
  ['too short', `whsec_${Buffer.alloc(23, 7).toString('base64')}`],
  ['too long', `whsec_${Buffer.alloc(65, 7).toString('base64')}`],
  ['without its prefix', Buffer.alloc(32, 7).toString('base64')],
  ['base64url', `whsec_${Buffer.alloc(32, 0xfb).toString('base64url')}`],
  ['false', false],
  ['empty', ''],
])('a secret that is %s is refused without being quoted', async (_what, secret) => {
  const response = await call('POST', '/api/agents', { name: 'Told', callback: { url: URL_A, secret } });
  expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_request']);
  expect(response.json().errors.map(({ path }: { path: string }) => path)).toContain('/callback/secret');
  if (secret) expect(response.body).not.toContain(String(secret).slice(6, 26));
});

test.each([
  'ftp://example.com/',
  'https://user:password@example.com/',
  'https://user@example.com/',
  '/hooks',
  'example.com',
  '',
  'https://',
  `https://example.com/${'x'.repeat(2_048)}`,
])('the URL %j is refused', async (url) => {
  const response = await call('POST', '/api/agents', { name: 'Told', callback: { url } });
  expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_request']);
  expect(response.json().errors[0].path).toBe('/callback/url');
});

test('a rotation returns a new secret and says how long the old one also signs', async () => {
  const agent = await create({ url: URL_A });
  const before = Date.now();
  const rotated = (await call('POST', `${agent.path}/callback/rotate`)).json();
  expect(rotated.secret).toMatch(/^whsec_/);
  expect(rotated.secret).not.toBe(agent.callback.secret);
  const overlap = Date.parse(rotated.previous_expires_at) - before;
  expect(Math.round(overlap / 60_000)).toBe(24 * 60);
  expect(await read(agent.path)).toMatchObject({
    secret: true,
    previous_expires_at: rotated.previous_expires_at,
  });

  const now = (await call('POST', `${agent.path}/callback/rotate`, { overlap_seconds: 0 })).json();
  expect(now.previous_expires_at).toBeNull();
  expect(await read(agent.path)).toMatchObject({ previous_expires_at: null });
});

test('requests for a missing callback, agent or delivery say which is missing', async () => {
  const agent = await create();
  const refusal = async (path: string, body?: object) => {
    const response = await call('POST', path, body);
    return [response.statusCode, response.json().code];
  };
  const resend = (id: string) => `/callbacks/${id}/resend`;
  expect(await refusal(`${agent.path}/callback/rotate`)).toEqual([409, 'no_callback']);
  expect(await refusal(agent.path + resend(`cb-${TASK_ID}`))).toEqual([409, 'no_callback']);
  expect(await refusal(`${agent.path}/callback/rotate`, { overlap_seconds: -1 })).toEqual([
    400,
    'invalid_request',
  ]);
  const unknown = '/api/agents/agt_00';
  for (const path of ['/callback/rotate', '/callback/enable', resend(`cb-${TASK_ID}`)])
    expect(await refusal(unknown + path)).toEqual([404, 'unknown_agent']);
  expect((await call('GET', `${unknown}/callbacks`)).statusCode).toBe(404);
  const told = await create({ url: URL_A });
  for (const id of [`cb-${TASK_ID}`, TASK_ID, 'cb-', 'cb-x', 'wait'])
    expect(await refusal(told.path + resend(id))).toEqual([404, 'unknown_delivery']);
});

test('deliveries are listed, found by their task and resent, but not through another agent', async () => {
  const [agent, other] = [await create({ url: URL_A }), await create({ url: URL_B })];
  expect((await call('GET', `${agent.path}/callbacks`)).json()).toEqual({ callbacks: [], next_cursor: null });
  const ended = { shard: 0, task_id: TASK_ID, agent_id: agent.id, status: 'FAILURE' as const };
  await enqueueCallback(env.ctx, ended);
  const listed = await call('GET', `${agent.path}/callbacks`);
  const [delivery] = listed.json().callbacks;
  expect(delivery).toMatchObject({
    id: `cb-${TASK_ID}`,
    task_id: TASK_ID,
    agent_id: agent.id,
    type: 'task.failed',
    url: URL_A,
    status: 'pending',
    reason: null,
    attempts: [],
  });
  expect((await call('GET', `${agent.path}/callbacks?task_id=${TASK_ID}`)).json().callbacks).toEqual([
    delivery,
  ]);
  for (const path of [`${other.path}/callbacks?task_id=${TASK_ID}`, `${other.path}/callbacks`])
    expect((await call('GET', path)).json().callbacks).toEqual([]);
  expect((await call('POST', `${other.path}/callbacks/${delivery.id}/resend`)).statusCode).toBe(404);

  await call('PATCH', agent.path, { callback: { url: URL_B } });
  const resent = await call('POST', `${agent.path}/callbacks/${delivery.id}/resend`);
  expect([resent.statusCode, resent.json()]).toMatchObject([
    202,
    { id: delivery.id, status: 'pending', url: URL_B },
  ]);
  expect(await env.ctx.callbacks[0]?.getJobCounts('prioritized', 'wait', 'active')).toEqual({
    prioritized: 1,
    wait: 0,
    active: 0,
  });
});

test("a receiver's answer is withheld from keys that may not see payloads", async () => {
  const agent = await create({ url: URL_A });
  const task_id = TASK_ID.replace(/1$/, '2');
  await enqueueCallback(env.ctx, { shard: 0, task_id, agent_id: agent.id, status: 'SUCCESS' });
  const attempt = { at: new Date().toISOString(), response_status: 500, error: 'The receiver answered 500.' };
  const attempts = JSON.stringify([{ ...attempt, duration_ms: 3, response_excerpt: 'for our eyes' }]);
  await env.ctx.redis.hset(`{agenthook:0}:delivery:cb-${task_id}`, 'attempts', attempts);
  const seenBy = async (caller: { send: typeof env.admin }) =>
    (await caller.send({ url: `${agent.path}/callbacks` })).json().callbacks[0].attempts;
  expect(await seenBy({ send: env.admin })).toMatchObject([{ ...attempt, response_excerpt: 'for our eyes' }]);
  expect(await seenBy(await env.as('viewer', { see_payloads: false }))).toMatchObject([
    { ...attempt, response_excerpt: null },
  ]);
  const operator = await env.as('operator', { see_payloads: false });
  const resent = await operator.send({ method: 'POST', url: `${agent.path}/callbacks/cb-${task_id}/resend` });
  expect([resent.statusCode, resent.json().attempts]).toMatchObject([202, [{ response_excerpt: null }]]);
});

test.each(['limit=0', 'limit=101', `cursor=${'x'.repeat(101)}`])(
  'a listing with %s is refused',
  async (query) => {
    const agent = await create();
    expect((await call('GET', `${agent.path}/callbacks?${query}`)).statusCode).toBe(400);
  },
);
