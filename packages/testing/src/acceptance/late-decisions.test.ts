import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  type HttpServer,
  type ModelServer,
  type Stack,
  sendJson,
  startHttpServer,
  startOpenAiServer,
  startStack,
  until,
} from '../index.js';

// What happens to calls that wait for people while everything around them changes.

let stack: Stack;
let model: ModelServer;
let shop: HttpServer;

beforeAll(async () => {
  model = await startOpenAiServer();
  shop = await startHttpServer((_call, response) => sendJson(response, { ok: true }));
  stack = await startStack({ env: { OPENAI_BASE_URL: model.url, EGRESS_ALLOW: '127.0.0.1' } });
});
afterAll(async () => {
  await stack?.stop();
  await model?.close();
  await shop?.close();
});
beforeEach(() => {
  model.forget();
  shop.calls.length = 0;
});

const refund = (more: object = {}) => ({
  type: 'http',
  name: 'refund',
  method: 'POST',
  url: `${shop.url}/refund`,
  approval: 'always',
  ...more,
});

interface Pending {
  task_id: string;
  call_id: string;
  url: string;
}

/** A task that waits for the approval of a refund. */
async function waiting(more: object = {}, payload: object = {}) {
  const agent = await stack.createAgent({ name: 'Desk', model: 'compatible:m', tools: [refund()], ...more });
  const { token } = await stack.mintWebhook(agent.id);
  const send = async (given: object) => (await stack.trigger(token, given)).body.task_id;
  model.respond({ tool_calls: [{ id: 'c1', name: 'refund', arguments: {} }] }, { text: 'Done.' });
  const taskId = await send(payload);
  const pending = await until('the task waits', async () => {
    const { body } = await stack.request<{ approvals: Pending[] }>('GET', '/api/approvals?status=pending');
    return body.approvals.find(({ task_id }) => task_id === taskId);
  });
  const link = `${stack.url}${new URL(pending.url).pathname}`;
  return { agentId: agent.id as string, taskId, link, send };
}

const decide = async (taskId: string, decision = 'approve') => {
  const { status, body } = await stack.request<{ code?: string }>(
    'POST',
    `/api/tasks/${taskId}/approvals/1:c1`,
    {
      decision,
    },
  );
  return [status, body.code];
};
const follow = async (link: string) =>
  (await fetch(link, { method: 'POST', body: new URLSearchParams({ decision: 'approve' }) })).status;

test.each<[string, () => object[]]>([
  ['renamed', () => [refund({ name: 'pay_back' })]],
  ['without approval', () => [refund({ approval: 'never' })]],
  ['removed', () => []],
])(
  'a tool that is %s meanwhile is called as the task was told, once it is approved',
  async (_what, tools) => {
    const { agentId, taskId } = await waiting();
    const saved = await stack.request('PATCH', `/api/agents/${agentId}`, { tools: tools() });
    expect(saved.status).toBe(200);
    expect(shop.calls).toHaveLength(0);
    expect(await decide(taskId)).toEqual([200, undefined]);
    expect(await stack.poll(taskId)).toMatchObject({ status: 'SUCCESS', result: { answer: 'Done.' } });
    expect(shop.calls).toHaveLength(1);
  },
);

test('an agent that is disabled meanwhile still ends its task', async () => {
  const { agentId, taskId } = await waiting();
  await stack.request('PATCH', `/api/agents/${agentId}`, { status: 'disabled' });
  expect(await decide(taskId)).toEqual([200, undefined]);
  expect((await stack.poll(taskId)).status).toBe('SUCCESS');
});

test('deleting an agent ends what waits for a decision at once, and a later decision says so', async () => {
  const { agentId, taskId, link } = await waiting();
  model.forget();
  const other = await waiting();
  expect((await stack.request('DELETE', `/api/agents/${agentId}`)).status).toBe(204);
  const { status, result } = (await stack.status(taskId)).body;
  expect({ status, error: result?.error }).toEqual({
    status: 'FAILURE',
    error: {
      code: 'agent_unavailable',
      message: 'The agent was deleted while this task waited.',
    },
  });
  const { body } = await stack.request<{ approvals: Pending[] }>('GET', '/api/approvals?status=pending');
  expect(body.approvals.map(({ task_id }) => task_id)).not.toContain(taskId);
  const late = await stack.request('POST', `/api/tasks/${taskId}/approvals/1:c1`, { decision: 'approve' });
  expect(late).toMatchObject({
    status: 409,
    body: { code: 'task_finished', detail: expect.stringContaining('The agent was deleted') },
  });
  expect((await fetch(link)).status).toBe(409);
  expect(await follow(link)).toBe(409);
  expect(shop.calls).toHaveLength(0);
  // Those of others wait on.
  expect(await decide(other.taskId)).toEqual([200, undefined]);
  expect((await stack.poll(other.taskId)).status).toBe('SUCCESS');
});

test('a denial counts, and neither an approval nor the link comes after it; a cancel ends both', async () => {
  const denied = await waiting();
  expect(await decide(denied.taskId, 'deny')).toEqual([200, undefined]);
  expect(await decide(denied.taskId)).toEqual([409, 'already_decided']);
  expect(await follow(denied.link)).toBe(409);
  expect((await stack.poll(denied.taskId)).status).toBe('SUCCESS');

  const cancelled = await waiting();
  await stack.request('POST', `/api/tasks/${cancelled.taskId}/cancel`);
  expect(await decide(cancelled.taskId)).toEqual([409, 'task_finished']);
  expect(await follow(cancelled.link)).toBe(409);
  expect(shop.calls).toHaveLength(0);
});

test('previews of a link decide nothing, whatever they say of themselves', async () => {
  const { taskId, link } = await waiting();
  for (const headers of [
    { purpose: 'prefetch' },
    { 'sec-purpose': 'prefetch;prerender' },
    { 'x-moz': 'prefetch' },
  ])
    for (const method of ['GET', 'HEAD']) expect((await fetch(link, { method, headers })).status).toBe(200);
  for (const method of ['OPTIONS', 'PUT', 'DELETE'])
    expect((await fetch(link, { method })).status).toBeGreaterThanOrEqual(400);
  expect((await stack.status(taskId)).body.status).toBe('STARTED');
  expect(await follow(link)).toBe(200);
  expect((await stack.poll(taskId)).status).toBe('SUCCESS');
});

test('a newer event supersedes a task that waits; its approval comes too late', async () => {
  const conversation = { key: 'one', when_busy: 'supersede' };
  const { taskId, link, send } = await waiting({ conversation });
  const next = await send({ again: true });
  expect(await stack.poll(taskId)).toMatchObject({
    status: 'FAILURE',
    result: { error: { code: 'superseded' } },
  });
  expect(await decide(taskId)).toEqual([409, 'task_finished']);
  expect(await follow(link)).toBe(409);
  expect((await stack.poll(next)).status).toBe('SUCCESS');
  expect(shop.calls).toHaveLength(0);
});

test('a conversation that is deleted while its task waits ends with it, and the next one begins without it', async () => {
  const { taskId, send } = await waiting({ conversation: { key: 'one' } });
  const id = (await stack.status(taskId)).body.conversation_id;
  const next = await send({});
  expect((await stack.request('DELETE', `/api/conversations/${id}`)).status).toBeLessThan(300);
  expect(await decide(taskId)).toEqual([200, undefined]);
  expect((await stack.poll(taskId)).status).toBe('SUCCESS');
  expect((await stack.poll(next)).status).toBe('SUCCESS');
  expect(shop.calls).toHaveLength(1);
});

test('a burst with a filter and idempotency keys counts each event that passes once', async () => {
  const agent = await stack.createAgent({
    name: 'Burst',
    model: 'compatible:m',
    filter: 'payload.n > 0',
    burst: { key: '{{ payload.doc }}', window_seconds: 1, keep: 'all' },
  });
  const { token } = await stack.mintWebhook(agent.id);
  const post = (n: number, key: string) => stack.trigger(token, { doc: 'a', n }, { 'idempotency-key': key });
  const first = await post(1, 'k1');
  const again = await post(1, 'k1');
  const other = await post(2, 'k1');
  const filtered = await post(0, 'k2');
  const second = await post(2, 'k3');
  expect(again.body.task_id).toBe(first.body.task_id);
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  expect(filtered.body).toMatchObject({ task_id: null, filtered: true });
  expect(second.body.task_id).toBe(first.body.task_id);
  await stack.poll(first.body.task_id);
  const { body } = await stack.request<{ payload: { events: { n: number }[] } }>(
    'GET',
    `/api/tasks/${first.body.task_id}`,
  );
  expect(body.payload.events.map(({ n }) => n)).toEqual([1, 2]);
});

test('a callback that comes after the end of its task, or with a file, has a defined answer', async () => {
  const tools = [{ type: 'wait_callback', name: 'build_done' }];
  const agent = await stack.createAgent({ name: 'Waits', model: 'compatible:m', tools });
  const { token } = await stack.mintWebhook(agent.id);
  model.respond({ tool_calls: [{ id: 'w', name: 'build_done', arguments: {} }] });
  const { task_id } = (await stack.trigger(token, {})).body;
  const { url } = await until('the task waits', async () => {
    const { body } = await stack.request<{ approvals: Pending[] }>('GET', '/api/approvals?status=pending');
    return body.approvals.find((each) => each.task_id === task_id);
  });
  const post = async (body: string | FormData) => {
    const answer = await fetch(`${stack.url}${new URL(url).pathname}`, { method: 'POST', body });
    return [answer.status, ((await answer.json()) as { code?: string }).code];
  };
  const form = new FormData();
  form.append('log', new Blob(['x']), 'log.txt');
  expect(await post(form)).toEqual([415, 'unsupported_media_type']);
  await stack.request('POST', `/api/tasks/${task_id}/cancel`);
  expect(await post('{"ok":true}')).toEqual([409, 'task_finished']);
});
