import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;
let agentId: string;
let webhook: string;

beforeAll(async () => {
  env = await testApp();
  agentId = (await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'a' } })).json().id;
  const minted = await env.admin({ method: 'POST', url: `/api/agents/${agentId}/webhook`, payload: {} });
  webhook = `/api/webhooks/agents/${minted.json().token}`;
});
afterAll(() => env?.close());

const post = async (): Promise<string> =>
  (await env.app.inject({ method: 'POST', url: webhook, payload: { a: 1 } })).json().task_id;
const cancel = (id: string) => env.admin({ method: 'POST', url: `/api/tasks/${id}/cancel` });
const erase = (path: string) => env.admin({ method: 'DELETE', url: `/api/tasks${path}` });
const status = async (id: string) =>
  (await env.app.inject({ url: `/api/task_status?task_id=${id}` })).statusCode;

test('a task that has ended is erased, once', async () => {
  const id = await post();
  const open = await erase(`/${id}`);
  expect([open.statusCode, open.json().code]).toEqual([409, 'task_not_finished']);
  await cancel(id);
  expect((await erase(`/${id}`)).statusCode).toBe(204);
  expect(await status(id)).toBe(404);
  expect((await env.admin({ url: `/api/tasks/${id}` })).statusCode).toBe(404);
  expect((await erase(`/${id}`)).json().code).toBe('unknown_task');
});

test('tasks of an agent are erased up to a time', async () => {
  const [first, second] = [await post(), await post()];
  await cancel(first);
  const past = await erase(`?agent_id=${agentId}&before=2020-01-01T00:00:00Z`);
  expect([past.statusCode, past.json()]).toEqual([200, { erased: 0, remaining: 0, unfinished: 0 }]);
  expect((await erase(`?agent_id=agt_other`)).json()).toEqual({ erased: 0, remaining: 0, unfinished: 0 });
  const all = `?before=${encodeURIComponent(new Date(Date.now() + 1_000).toISOString())}`;
  expect((await erase(all)).json()).toEqual({ erased: 1, remaining: 0, unfinished: 1 });
  expect([await status(first), await status(second)]).toEqual([404, 200]);
  const cancelled = await erase(`?agent_id=${agentId}&cancel=true`);
  expect(cancelled.json()).toEqual({ erased: 1, remaining: 0, unfinished: 0 });
});

test.each(['', '?before=yesterday', '?cancel=maybe'])(
  '%j does not say which tasks, and erases nothing',
  async (query) => {
    const id = await post();
    await cancel(id);
    const refused = await erase(query);
    expect([refused.statusCode, refused.json().code]).toEqual([400, 'invalid_request']);
    expect(await status(id)).toBe(200);
  },
);

test('all tasks of an idempotency key are erased, and those of no other key or agent', async () => {
  const key = `order-${Math.random()}`;
  const named = async (url: string, name = key) =>
    (await env.app.inject({ method: 'POST', url, payload: {}, headers: { 'idempotency-key': name } })).json()
      .task_id;
  const other = (await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'b' } })).json().id;
  const minted = await env.admin({ method: 'POST', url: `/api/agents/${other}/webhook`, payload: {} });
  const ids = [
    await named(webhook),
    await named(`/api/webhooks/agents/${minted.json().token}`),
    await named(webhook, `${key}1`),
  ];
  await cancel(ids[0]);
  const query = `?idempotency_key=${encodeURIComponent(key)}`;
  expect((await erase(`${query}&agent_id=${agentId}`)).json()).toEqual({
    erased: 1,
    remaining: 0,
    unfinished: 0,
  });
  expect((await erase(query)).json()).toEqual({ erased: 0, remaining: 0, unfinished: 1 });
  expect((await erase(`${query}&cancel=true`)).json()).toEqual({ erased: 1, remaining: 0, unfinished: 0 });
  expect(await Promise.all(ids.map(status))).toEqual([404, 404, 200]);
  // The key names a new task.
  expect(await named(webhook)).not.toBe(ids[0]);
});

test('all tasks of a conversation are erased with it, and those of no other', async () => {
  const conversation = { key: '{{ payload.who }}' };
  const payload = { name: 'talks', conversation };
  const talks = (await env.admin({ method: 'POST', url: '/api/agents', payload })).json().id;
  const minted = await env.admin({ method: 'POST', url: `/api/agents/${talks}/webhook`, payload: {} });
  const url = `/api/webhooks/agents/${minted.json().token}`;
  const say = async (who: string) =>
    (await env.app.inject({ method: 'POST', url, payload: { who } })).json().task_id;
  const ids = [await say('ann'), await say('ann'), await say('bob')];
  const { conversation_id } = (await env.admin({ url: `/api/tasks/${ids[0]}` })).json();
  const answer = await erase(`?conversation_id=${conversation_id}&cancel=true`);
  expect(answer.json()).toEqual({ erased: 2, remaining: 0, unfinished: 0 });
  expect(await Promise.all(ids.map(status))).toEqual([404, 404, 200]);
  expect((await env.admin({ url: `/api/conversations/${conversation_id}` })).statusCode).toBe(404);
  expect((await erase('?conversation_id=everything')).statusCode).toBe(400);
});

test('only an admin erases', async () => {
  const id = await post();
  await cancel(id);
  const { send } = await env.as('operator');
  for (const url of [`/api/tasks/${id}`, `/api/tasks?agent_id=${agentId}`])
    expect((await send({ method: 'DELETE', url })).statusCode).toBe(403);
  expect(await status(id)).toBe(200);
});
