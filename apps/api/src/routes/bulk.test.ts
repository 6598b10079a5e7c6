import { MAX_BULK_IDS } from '@agenthook/contracts';
import { startBulk } from '@agenthook/core';
import { until } from '@agenthook/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;
let stop: () => Promise<void>;

beforeAll(async () => {
  env = await testApp();
  stop = startBulk(env.ctx);
});
afterAll(async () => {
  await stop?.();
  await env?.close();
});

async function agentWithTasks(count: number) {
  const { id } = (await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'a' } })).json();
  const { token } = (
    await env.admin({ method: 'POST', url: `/api/agents/${id}/webhook`, payload: {} })
  ).json();
  const tasks: string[] = [];
  for (let n = 0; n < count; n++) {
    const url = `/api/webhooks/agents/${token}`;
    tasks.push((await env.app.inject({ method: 'POST', url, payload: { n } })).json().task_id);
  }
  return { id, tasks };
}

const post = (payload: object, url = '/api/bulk') => env.admin({ method: 'POST', url, payload });

async function finished(id: string) {
  const read = async () => (await env.admin({ url: `/api/bulk/${id}` })).json();
  await until('the job is finished', async () => (await read()).finished_at !== null);
  return await read();
}

test('a filter is counted, and what matches is handled with progress', async () => {
  const { id } = await agentWithTasks(3);
  const input = { action: 'cancel', filter: { agent_id: id, status: ['PENDING'] } };
  expect((await post(input, '/api/bulk/count')).json()).toEqual({ matching: 3, is_complete: true });
  const created = await post(input);
  expect(created.statusCode).toBe(202);
  expect(created.headers.location).toBe(`/api/bulk/${created.json().id}`);
  expect(await finished(created.json().id)).toMatchObject({
    action: 'cancel',
    filter: input.filter,
    state: 'done',
    total: 3,
    done: 3,
    reasons: [],
    created_by: expect.any(String),
  });
  expect((await env.admin({ url: '/api/bulk' })).json().jobs).toHaveLength(1);
});

test('a retry with the same Idempotency-Key finds the job, and another body is refused', async () => {
  const { tasks } = await agentWithTasks(2);
  const send = (ids: string[], key: string) =>
    env.admin({
      method: 'POST',
      url: '/api/bulk',
      payload: { action: 'cancel', ids },
      headers: { 'idempotency-key': key },
    });
  const first = await send(tasks, 'cancel-1');
  const again = await send(tasks, 'cancel-1');
  expect([first.statusCode, first.headers['idempotent-replayed']]).toEqual([202, undefined]);
  expect([again.statusCode, again.headers['idempotent-replayed']]).toEqual([202, 'true']);
  expect(again.json().id).toBe(first.json().id);
  expect(again.headers.location).toBe(first.headers.location);
  const other = await send(tasks.slice(1), 'cancel-1');
  expect([other.statusCode, other.json().code]).toEqual([422, 'idempotency_key_reused']);
  for (const key of ['k'.repeat(257), 'a b']) {
    const refused = await send(tasks, key);
    expect([refused.statusCode, refused.json().code]).toEqual([400, 'invalid_idempotency_key']);
  }
  const [one, two] = [await send(tasks, ''), await send(tasks, '')];
  expect(one.json().id).not.toBe(two.json().id);
});

test('items can be named instead, and a finished job can be stopped again', async () => {
  const { tasks } = await agentWithTasks(2);
  const { id } = (await post({ action: 'cancel', ids: [tasks[0], tasks[0]] })).json();
  expect(await finished(id)).toMatchObject({ filter: null, total: 1, done: 1 });
  const stopped = await env.admin({ method: 'POST', url: `/api/bulk/${id}/stop` });
  expect(stopped.json()).toMatchObject({ state: 'done' });
});

test('as many items can be named as the description says', async () => {
  const named = (count: number) => Array.from({ length: count }, (_, n) => String(n).padStart(100, '0'));
  const input = { action: 'cancel', ids: named(MAX_BULK_IDS) };
  expect((await post(input, '/api/bulk/count')).json()).toEqual({ matching: 1_000, is_complete: true });
  const { id } = (await post(input)).json();
  expect(await finished(id)).toMatchObject({ total: MAX_BULK_IDS, skipped: MAX_BULK_IDS });
  const answer = await post({ action: 'cancel', ids: named(MAX_BULK_IDS + 1) });
  expect([answer.statusCode, answer.json().errors[0].path]).toEqual([400, '/ids']);
});

test('what is wrong with a request is told at its place', async () => {
  const problem = async (payload: object) => {
    const answer = await post(payload);
    return [answer.statusCode, answer.json().errors?.[0]?.path];
  };
  expect(await problem({ action: 'cancel' })).toEqual([400, '/filter']);
  expect(await problem({ action: 'burn', filter: {} })).toEqual([400, '/action']);
  expect(await problem({ action: 'cancel', filter: { stauts: [] } })).toEqual([400, '/filter/stauts']);
  expect(await problem({ action: 'cancel', filter: { from: 'yesterday' } })).toEqual([400, '/from']);
  expect(await problem({ action: 'cancel', filter: {}, ids: ['a'] })).toEqual([400, '/ids']);
  expect(await problem({ action: 'cancel', ids: ['a:b'] })).toEqual([400, '/ids']);
  expect(await problem({ action: 'accept', ids: ['rej_1'] })).toEqual([400, '/agent_id']);
  expect(await problem({ action: 'cancel', filter: {}, version: 'original' })).toEqual([400, '/version']);
  expect((await env.admin({ url: '/api/bulk/blk_none' })).json().code).toBe('unknown_bulk_job');
});

test('a role may in bulk what it may one by one', async () => {
  const send = async (role: 'viewer' | 'operator', action: string, rights = {}) => {
    const { send } = await env.as(role, rights);
    const payload = { action, filter: { agent_id: 'agt_none' } };
    return (await send({ method: 'POST', url: '/api/bulk', payload })).statusCode;
  };
  expect(await send('viewer', 'cancel')).toBe(403);
  expect(await send('operator', 'cancel')).toBe(202);
  expect(await send('operator', 'purge')).toBe(403);
  const blind = await env.as('operator', { see_payloads: false });
  const payload = { action: 'cancel', filter: { q: 'a-secret-key' } };
  const answer = await blind.send({ method: 'POST', url: '/api/bulk', payload });
  expect(answer.json()).toMatchObject({ action: 'cancel', filter: null });
});
