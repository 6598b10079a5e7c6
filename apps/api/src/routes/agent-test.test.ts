import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
});
beforeEach(() => env.empty());
afterAll(() => env?.close());

const SECRET = 'a github secret of some length';

async function agentWith(input: object = {}) {
  const { id } = (
    await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'a', ...input } })
  ).json();
  return {
    id,
    send: async (payload: object) => {
      const answer = await env.admin({ method: 'POST', url: `/api/agents/${id}/test`, payload });
      return answer.json();
    },
    rejections: async () => (await env.admin({ url: `/api/agents/${id}/rejections` })).json().rejections,
  };
}
const github = { signature: { scheme: 'github', secret: SECRET } };
const jobs = async () => (await env.ctx.queues[0]?.count()) ?? 0;

test('an agent without a webhook runs a payload as a task marked as a test', async () => {
  const agent = await agentWith();
  const { sent, answer, task_id } = await agent.send({
    payload: { n: 1 },
    headers: { 'X-GitHub-Event': 'issues' },
  });
  expect(sent).toEqual({
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-github-event': 'issues' },
    body: '{"n":1}',
  });
  expect(answer).toEqual({
    status: 200,
    headers: { location: `/api/task_status?task_id=${task_id}` },
    body: { success: true, task_id },
  });
  const trace = (await env.admin({ url: `/api/tasks/${task_id}` })).json();
  expect(trace).toMatchObject({
    trigger: 'test',
    payload: { n: 1 },
    headers: { 'x-github-event': 'issues' },
  });
  const { tasks } = (await env.admin({ url: '/api/tasks' })).json();
  expect(tasks).toMatchObject([{ task_id, trigger: 'test' }]);
});

test('a direct test checks only the schema: no signature, rate, handshake or key', async () => {
  const agent = await agentWith({
    ...github,
    input_schema: { type: 'object' },
    limits: { rate_per_minute: 1 },
  });
  const payload = { payload: { zen: 'x' }, headers: { 'x-github-event': 'ping', 'idempotency-key': 'k' } };
  const ids = [];
  for (let n = 0; n < 3; n++) ids.push((await agent.send(payload)).task_id);
  expect(new Set(ids).size).toBe(3);
  expect(await jobs()).toBe(3);
  const refused = await agent.send({ payload: [1] });
  expect(refused).toMatchObject({
    task_id: null,
    answer: { status: 422, body: { code: 'invalid_payload' } },
  });
});

test('signed, unsigned and tampered tests are answered as a sender would be', async () => {
  const agent = await agentWith(github);
  const payload = { action: 'opened' };
  const signed = await agent.send({ payload, send: 'signed' });
  expect(signed).toMatchObject({ answer: { status: 200, body: { success: true, task_id: signed.task_id } } });
  expect(signed.sent.headers['x-hub-signature-256']).toMatch(/^sha256=[0-9a-f]{9}…$/);
  expect(signed.sent.headers['x-github-delivery']).toMatch(/^[0-9a-f-]{36}$/);
  const unsigned = await agent.send({ payload, send: 'unsigned' });
  expect(unsigned).toMatchObject({
    task_id: null,
    answer: { status: 401, body: { code: 'invalid_signature' } },
  });
  const tampered = await agent.send({ payload, send: 'tampered' });
  expect(tampered).toMatchObject({
    task_id: null,
    answer: { status: 401, body: { code: 'invalid_signature' } },
  });
  expect(tampered.sent.body).not.toBe('{"action":"opened"}');
  expect(tampered.sent.body).toHaveLength(19);
  expect(await jobs()).toBe(1);
  expect(await agent.rejections()).toEqual([]);
  expect(JSON.stringify([signed, unsigned, tampered])).not.toContain(SECRET);
});

test('a signed test may be a retry of a test, never of a real event', async () => {
  const agent = await agentWith(github);
  const headers = { 'x-github-delivery': 'delivery-1', 'idempotency-key': 'key-1' };
  const first = await agent.send({ payload: {}, headers, send: 'signed' });
  const again = await agent.send({ payload: {}, headers, send: 'signed' });
  expect(again).toMatchObject({
    task_id: first.task_id,
    answer: { headers: { 'idempotent-replayed': 'true' } },
  });
  await env.admin({ method: 'PATCH', url: `/api/agents/${agent.id}`, payload: { signature: null } });
  const { token } = (await env.admin({ method: 'POST', url: `/api/agents/${agent.id}/webhook` })).json();
  const url = `/api/webhooks/agents/${token}`;
  const real = await env.app.inject({ method: 'POST', url, payload: {}, headers });
  expect(real.json().task_id).not.toBe(first.task_id);
  expect(real.headers).not.toHaveProperty('idempotent-replayed');
});

test('a body goes unchanged: bad JSON, a form, nothing', async () => {
  const agent = await agentWith();
  expect(await agent.send({ body: '{' })).toMatchObject({
    task_id: null,
    sent: { body: '{' },
    answer: { status: 400, body: { code: 'invalid_json' } },
  });
  expect(await agent.send({ body: '' })).toMatchObject({ answer: { body: { code: 'empty_body' } } });
  const form = await agent.send({ body: 'a=1', content_type: 'application/x-www-form-urlencoded' });
  const trace = (await env.admin({ url: `/api/tasks/${form.task_id}` })).json();
  expect(trace.payload).toEqual({ a: '1' });
});

test.each([
  [{}],
  [{ payload: 1, body: '1' }],
  [{ payload: 1, content_type: 'application/x-www-form-urlencoded' }],
  [{ payload: 1, send: 'twice' }],
  [{ payload: 1, headers: { 'a b': 'c' } }],
  [{ payload: 1, headers: { a: 'b\r\nc: d' } }],
  [{ payload: 1, content_type: 'text/xml' }],
])('contradictory input is refused: %j', async (payload) => {
  const agent = await agentWith();
  expect(await agent.send(payload)).toMatchObject({ status: 400, code: 'invalid_request' });
  expect(await jobs()).toBe(0);
});

test('the agent must exist; a disabled one answers 403', async () => {
  const gone = await env.admin({ method: 'POST', url: '/api/agents/agt_x/test', payload: { payload: 1 } });
  expect(gone.json()).toMatchObject({ status: 404, code: 'unknown_agent' });
  const signed = { payload: 1, send: 'signed' };
  const none = await env.admin({ method: 'POST', url: '/api/agents/agt_x/test', payload: signed });
  expect(none.json()).toMatchObject({ status: 404, code: 'unknown_agent' });
  const agent = await agentWith({ status: 'disabled' });
  expect(await agent.send({ payload: 1 })).toMatchObject({ answer: { status: 403 }, task_id: null });
});
