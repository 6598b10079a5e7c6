import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type HttpServer, type Stack, sendJson, startHttpServer, startStack, until } from '../index.js';

let stack: Stack;
let outside: HttpServer;
let answers: { status: number; body: object }[] = [];
/** How long the next answers take, in ms. */
let delayMs = 0;

beforeAll(async () => {
  outside = await startHttpServer(async ({ path }, response) => {
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    const own = path.startsWith('/slack') ? { ok: true, ts: '1.2' } : { id: 1 };
    const { status, body } = answers.shift() ?? { status: 200, body: own };
    sendJson(response, body, status);
  });
  stack = await startStack({ env: { EGRESS_ALLOW: '127.0.0.1', TASK_LOCK_SECONDS: '3' } });
});
afterAll(async () => {
  await stack?.stop();
  await outside?.close();
});
beforeEach(() => {
  outside.calls.length = 0;
  answers = [];
  delayMs = 0;
});

interface Delivery {
  id: string;
  status: string;
  reason: string | null;
  url: string;
  destination?: { name: string; type: string };
  attempts: { error: string | null; response_status: number | null; response_excerpt: string | null }[];
}

async function agentTo(destinations: object[], more: object = {}) {
  const { id } = await stack.createAgent({ name: 'Desk', model: 'sandbox:echo', destinations, ...more });
  const { token } = await stack.mintWebhook(id);
  const trigger = async (payload: object) => (await stack.trigger(token, payload)).body.task_id;
  return { id, trigger };
}

const deliveriesOf = async (agentId: string, taskId: string) =>
  (
    await stack.request<{ callbacks: Delivery[] }>(
      'GET',
      `/api/agents/${agentId}/callbacks?limit=20&task_id=${taskId}`,
    )
  ).body.callbacks;
const ended = (agentId: string, taskId: string, count = 1) =>
  until('the deliveries have ended', async () => {
    const found = await deliveriesOf(agentId, taskId);
    return found.length === count && found.every(({ status }) => status !== 'pending') && found;
  });

const slack = (more: object = {}) => ({
  type: 'slack',
  base_url: `${outside.url}/slack`,
  channel: '{{ payload.channel }}',
  thread_ts: '{{ payload.ts }}',
  secrets: { token: 'xoxb-the-token' },
  ...more,
});
const github = (more: object = {}) => ({
  type: 'github',
  base_url: `${outside.url}/github`,
  repository: '{{ payload.repository }}',
  issue: '{{ payload.number }}',
  body: '**{{ result.answer }}**',
  secrets: { token: 'ghp_the_token' },
  ...more,
});

test('the end of a task goes to a Slack thread, a GitHub comment and an http endpoint, each once, with a log', async () => {
  const http = {
    type: 'http',
    name: 'crm',
    url: `${outside.url}/crm/{{ payload.number }}`,
    headers: { 'x-key': '{{ secrets.key }}' },
    body: '{"answer": "{{ result.answer }}", "status": {{ task.status | json }}}',
    secrets: { key: 'the-key-of-the-crm' },
  };
  const { id, trigger } = await agentTo([slack(), github(), http]);
  const payload = { channel: 'C1', ts: '17.5', repository: 'acme/printer', number: 7 };
  const taskId = await trigger({ ...payload, sandbox: { reply: 'It is "fixed" <!channel>.' } });
  const deliveries = await ended(id, taskId, 3);
  expect(deliveries.map(({ status, destination }) => [status, destination?.name])).toEqual([
    ['delivered', 'slack'],
    ['delivered', 'github'],
    ['delivered', 'crm'],
  ]);
  const sent = Object.fromEntries(outside.calls.map((call) => [call.path, call]));
  expect(outside.calls).toHaveLength(3);
  const toSlack = sent['/slack/chat.postMessage'];
  expect(toSlack?.headers.authorization).toBe('Bearer xoxb-the-token');
  expect(JSON.parse(toSlack?.body ?? '')).toMatchObject({
    channel: 'C1',
    thread_ts: '17.5',
    text: 'It is "fixed" &lt;!channel&gt;.',
  });
  const toGitHub = sent['/github/repos/acme/printer/issues/7/comments'];
  const { body: comment } = JSON.parse(toGitHub?.body ?? '');
  expect(comment).toMatch(/^\*\*It is "fixed" <!channel>\.\*\*\n\n<!-- agenthook-[\w-]{27} -->$/);
  // The task's id lets its holder read the task, and a comment may be public.
  expect(comment).not.toContain(taskId);
  const toCrm = sent['/crm/7'];
  expect(toCrm?.headers).toMatchObject({
    'x-key': 'the-key-of-the-crm',
    'idempotency-key': deliveries[2]?.id,
  });
  expect(JSON.parse(toCrm?.body ?? '')).toEqual({ answer: 'It is "fixed" <!channel>.', status: 'SUCCESS' });
  const { body } = await stack.request('GET', `/api/agents/${id}`);
  expect(JSON.stringify([body, deliveries])).not.toMatch(/xoxb-the-token|ghp_the_token|the-key-of-the-crm/);
});

test('`on` chooses the ends, and a failure has its error', async () => {
  const onFailure = slack({ name: 'alarm', on: ['failure'] });
  const { id, trigger } = await agentTo([onFailure, github({ on: ['success'] })], {
    limits: { max_attempts: 1 },
  });
  const payload = { channel: 'C1', repository: 'acme/printer', number: 7 };
  const good = await trigger({ ...payload, sandbox: { reply: 'Good.' } });
  expect(await ended(id, good)).toMatchObject([{ destination: { name: 'github' } }]);
  const bad = await trigger({ ...payload, sandbox: { steps: [{ fail: 'refused' }] } });
  expect(await ended(id, bad)).toMatchObject([{ destination: { name: 'alarm' }, status: 'delivered' }]);
  const { text, ...message } = JSON.parse(outside.calls.at(-1)?.body ?? '');
  expect(text).toMatch(/^model_refused: /);
  expect(message).not.toHaveProperty('thread_ts');
});

test('a template that fails ends the delivery with a reason, and not the task', async () => {
  const { id, trigger } = await agentTo([github()]);
  const taskId = await trigger({ repository: '../../admin', number: 7, sandbox: { reply: 'Done.' } });
  expect(await ended(id, taskId)).toMatchObject([
    {
      status: 'failed',
      reason: 'template_failed',
      attempts: [
        { error: expect.stringContaining('repository rendered to "../../admin"'), response_status: null },
      ],
    },
  ]);
  expect(await stack.poll(taskId)).toMatchObject({ status: 'SUCCESS' });
  expect(outside.calls).toEqual([]);

  // Once it is corrected, a resend uses it.
  await stack.request('PATCH', `/api/agents/${id}`, {
    destinations: [github({ repository: 'acme/printer', secrets: { token: true } })],
  });
  const [delivery] = await deliveriesOf(id, taskId);
  await stack.request('POST', `/api/agents/${id}/callbacks/${delivery?.id}/resend`);
  await until('it is delivered', async () => (await deliveriesOf(id, taskId))[0]?.status === 'delivered');
  expect(outside.calls[0]?.headers.authorization).toBe('Bearer ghp_the_token');
});

test.each([
  [
    '{"n": {{ payload.list | raw }}}',
    'With the values of this task the body is not valid JSON. Give each value',
  ],
  [undefined, 'Part of the URL is empty: this task has no value for it.'],
])('an http destination that cannot be filled speaks of the task (%s)', async (body, error) => {
  const http = {
    ...{ type: 'http', name: 'log', url: `${outside.url}/log/{{ payload.room }}` },
    ...(body && { body, url: `${outside.url}/log` }),
  };
  const { id, trigger } = await agentTo([http]);
  const taskId = await trigger({ list: '1,', sandbox: { reply: 'Done.' } });
  expect(await ended(id, taskId)).toMatchObject([
    { reason: 'template_failed', attempts: [{ error: expect.stringContaining(error) }] },
  ]);
});

test('an answer of Slack that it has not posted counts as a failure, and is tried again', async () => {
  answers = [{ status: 200, body: { ok: false, error: 'channel_not_found' } }];
  const { id, trigger } = await agentTo([slack()]);
  const taskId = await trigger({ channel: 'C9', sandbox: { reply: 'Done.' } });
  const [delivery] = await until('its first attempt', async () => {
    const found = await deliveriesOf(id, taskId);
    return found[0]?.attempts.length === 1 && found;
  });
  expect(delivery).toMatchObject({
    status: 'pending',
    attempts: [{ error: 'Slack answered channel_not_found.', response_status: 200 }],
  });
  await until('the second attempt', async () => (await deliveriesOf(id, taskId))[0]?.status === 'delivered', {
    timeoutMs: 20_000,
  });
});

test('another agent gets the end as its event, once, and a circle of agents ends', async () => {
  const second = await agentTo([]);
  const first = await agentTo([
    { type: 'agent', agent_id: second.id, payload: '{"said": {{ result.answer | json }}}' },
  ]);
  const taskId = await first.trigger({ sandbox: { reply: 'Hello "you".' } });
  expect(await ended(first.id, taskId)).toMatchObject([{ status: 'delivered', url: `agent:${second.id}` }]);
  const [made] = await stack.taskIds(second.id);
  expect((await stack.request('GET', `/api/tasks/${made}`)).body).toMatchObject({
    trigger: 'destination',
    relayed_from: { task_id: taskId, agent_id: first.id },
    payload: { said: 'Hello "you".' },
  });
  // Now they are destinations of each other.
  const back = { type: 'agent', agent_id: first.id };
  await stack.request('PATCH', `/api/agents/${second.id}`, { destinations: [back] });
  await first.trigger({ sandbox: { reply: 'Round.' } });
  const refused = await until('a delivery is refused', async () => {
    for (const { id } of [first, second]) {
      const { body } = await stack.request<{ callbacks: Delivery[] }>('GET', `/api/agents/${id}/callbacks`);
      const found = body.callbacks.find(({ reason }) => reason === 'too_deep');
      if (found) return found;
    }
    return undefined;
  });
  expect(refused.attempts[0]?.error).toContain('makes no further one');
});

test('a destination that cannot work is refused with the place', async () => {
  const cases: [object, string, RegExp][] = [
    [slack({ secrets: {} }), '/destinations/0/secrets/token', /is required/],
    [slack({ channel: '{{ result.answer }}' }), '/destinations/0/channel', /must not use result/],
    [
      { type: 'http', url: 'https://example.com/{{ secrets.key }}' },
      '/destinations/0/url',
      /uses the missing secret "key"/,
    ],
    [{ type: 'agent', agent_id: 'agt_nobody' }, '/destinations/0/agent_id', /is not the id of an agent/],
  ];
  for (const [destination, path, message] of cases) {
    const { status, body } = await stack.request('POST', '/api/agents', {
      name: 'Desk',
      model: 'sandbox:echo',
      destinations: [destination],
    });
    expect([status, body.code, body.errors]).toEqual([
      422,
      'invalid_destinations',
      [{ path, message: expect.stringMatching(message) }],
    ]);
  }
  const twice = { name: 'Desk', model: 'sandbox:echo', destinations: [slack(), slack()] };
  expect((await stack.request('POST', '/api/agents', twice)).body.code).toBe('invalid_destinations');
});

test('a worker that is killed before, while or after it sends: one delivery, and at most one more attempt', async () => {
  const target = await agentTo([]);
  const { id, trigger } = await agentTo([slack(), { type: 'agent', agent_id: target.id }]);
  delayMs = 1_000;
  const taskId = await trigger({ channel: 'C1', sandbox: { reply: 'Done.' } });
  await until('the request is under way', () => outside.calls.length > 0);
  stack.workers.at(-1)?.signal('SIGKILL');
  delayMs = 0;
  await stack.startWorker();
  const deliveries = await until(
    'both are delivered',
    async () => {
      const found = await deliveriesOf(id, taskId);
      return found.length === 2 && found.every(({ status }) => status === 'delivered') && found;
    },
    { timeoutMs: 60_000 },
  );
  expect(deliveries).toHaveLength(2);
  const sent = outside.calls.filter(({ method }) => method === 'POST');
  expect(sent.length).toBeLessThanOrEqual(2);
  const keys = sent.map(({ headers }) => headers['idempotency-key']);
  expect(new Set(keys)).toEqual(new Set([deliveries[0]?.id]));
  expect(await stack.taskIds(target.id)).toHaveLength(1);
}, 120_000);
