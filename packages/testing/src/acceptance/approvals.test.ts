import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type HttpServer,
  type ModelServer,
  type Stack,
  sendJson,
  startHttpServer,
  startOpenAiServer,
  startStack,
  type TaskBody,
  until,
} from '../index.js';

let stack: Stack;
let model: ModelServer;
let shop: HttpServer;

beforeAll(async () => {
  model = await startOpenAiServer();
  shop = await startHttpServer((call, response) =>
    sendJson(response, { done: call.path, given: call.body === '' ? null : JSON.parse(call.body) }),
  );
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

interface Pending {
  task_id: string;
  call_id: string;
  tool: string;
  [field: string]: unknown;
}

const PARAMETERS = {
  type: 'object',
  properties: { order: { type: 'string' }, amount: { type: 'number' } },
  required: ['order', 'amount'],
  additionalProperties: false,
};

/** An agent that can refund and look up orders. Returns a function that triggers it. */
async function agentWith(refund: object = { approval: 'always' }, more: object = {}) {
  const agent = await stack.createAgent({
    name: 'Refunds',
    model: 'compatible:m',
    tools: [
      {
        type: 'http',
        name: 'refund',
        method: 'POST',
        url: `${shop.url}/refund`,
        parameters: PARAMETERS,
        ...refund,
      },
      { type: 'http', name: 'look', method: 'GET', url: `${shop.url}/look` },
    ],
    ...more,
  });
  const { token } = await stack.mintWebhook(agent.id);
  const trigger = async (payload: unknown = { order: 'A-1' }) =>
    (await stack.trigger(token, payload)).body.task_id;
  return { agent, trigger };
}

const refundCall = (args: unknown = { order: 'A-1', amount: 49.9 }, id = 'c1') => ({
  id,
  name: 'refund',
  arguments: args,
});

const pendingOf = async (taskId: string) => {
  const { body } = await stack.request<{ approvals: Pending[] }>(
    'GET',
    '/api/approvals?status=pending&limit=100',
  );
  return body.approvals.filter(({ task_id }) => task_id === taskId);
};

/** The approvals that a task waits for, once there are so many. */
const parked = (taskId: string, count = 1) =>
  until('the task waits', async () => {
    const found = await pendingOf(taskId);
    return found.length === count && found;
  });

const decide = (taskId: string, callId: string, body: object, headers: Record<string, string> = {}) =>
  stack.request('POST', `/api/tasks/${taskId}/approvals/${callId}`, body, headers);

const paths = () => shop.calls.map(({ path }) => path);

test('a call that needs approval waits, is shown, is made once approved, and the task goes on', async () => {
  const { agent, trigger } = await agentWith();
  model.respond({ tool_calls: [refundCall()] }, { text: 'Refunded.' });
  const taskId = await trigger();
  const [pending] = await parked(taskId);
  expect(pending).toEqual({
    task_id: taskId,
    call_id: '1:c1',
    agent_id: agent.id,
    kind: 'approval',
    tool: 'refund',
    arguments: { order: 'A-1', amount: 49.9 },
    asked_at: expect.any(String),
    expires_at: expect.any(String),
    approvers: ['operator'],
    may_decide: true,
    url: expect.stringMatching(/\/decide\/[\w-]+\.[\w-]+$/),
  });
  const { body: waiting } = await stack.status(taskId);
  expect(waiting).toMatchObject({
    status: 'STARTED',
    attempt: 1,
    next_attempt_at: null,
    waiting_for: {
      kind: 'approval',
      tool: 'refund',
      arguments: { order: 'A-1', amount: 49.9 },
      expires_at: pending?.expires_at,
    },
  });
  expect(paths()).toEqual([]);

  const decided = await decide(taskId, '1:c1', { decision: 'approve' });
  expect([decided.status, decided.body]).toMatchObject([200, { decision: 'approve', call_id: '1:c1' }]);
  const task = await stack.poll(taskId);
  expect(task).toMatchObject({
    status: 'SUCCESS',
    waiting_for: null,
    result: { answer: 'Refunded.', tool_calls: [{ name: 'refund', error: null }], steps: 2 },
  });
  expect(paths()).toEqual(['/refund']);
  expect(await pendingOf(taskId)).toEqual([]);
  const again = await decide(taskId, '1:c1', { decision: 'deny' });
  expect([again.status, again.body]).toMatchObject([409, { code: 'already_decided' }]);
  expect(await callOf(taskId)).toMatchObject({
    name: 'refund',
    finished: true,
    approval: { decision: 'approve', decided_by: { name: 'ADMIN_API_KEY', key_id: null } },
  });
});

test('the list can be of one agent, in pages', async () => {
  const [ours, other] = [await agentWith(), await agentWith()];
  model.respond(...Array.from({ length: 5 }, () => ({ tool_calls: [refundCall()] })));
  const mine: string[] = [];
  for (const { trigger } of [other, ours, other, ours, ours]) {
    const taskId = await trigger();
    await parked(taskId);
    if (trigger === ours.trigger) mine.push(taskId);
  }
  const pageAfter = async (cursor: string) => {
    const query = `agent_id=${ours.agent.id}&limit=2${cursor && `&cursor=${cursor}`}`;
    const path = `/api/approvals?${query}`;
    return (await stack.request<{ approvals: Pending[]; next_cursor: string | null }>('GET', path)).body;
  };
  const listed: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { approvals, next_cursor }: Awaited<ReturnType<typeof pageAfter>> = await pageAfter(cursor);
    expect(approvals.length).toBeLessThanOrEqual(2);
    listed.push(...approvals.map(({ task_id }) => task_id));
    cursor = next_cursor;
  }
  expect(listed).toEqual(mine);
  for (const { agent } of [ours, other]) await stack.request('DELETE', `/api/agents/${agent.id}`);
});

/** A call as the trace shows it. */
const callOf = async (taskId: string, nth = 0) => {
  const { body } = await stack.request<{ steps: { tool_calls: unknown[] }[] }>('GET', `/api/tasks/${taskId}`);
  return body.steps[0]?.tool_calls[nth];
};

test('a denied call is not made, and the model is told the reason', async () => {
  const { trigger } = await agentWith();
  model.respond({ tool_calls: [refundCall()] }, { text: 'Then not.' });
  const taskId = await trigger();
  await parked(taskId);
  const before = model.requests.length;
  expect((await decide(taskId, '1:c1', { decision: 'deny', reason: 'Paid back in May.' })).status).toBe(200);
  const task = await stack.poll(taskId);
  expect(task.result).toMatchObject({ answer: 'Then not.', tool_calls: [{ name: 'refund', result: null }] });
  expect(task.result.tool_calls[0].error).toBe(
    'A person denied this call, so it was not made. Paid back in May.',
  );
  expect(JSON.stringify(model.requests[before]?.body.messages.at(-1))).toMatch(
    /A person denied this call, so it was not made\. The reason: <[^>]+>Paid back in May\.</,
  );
  expect(paths()).toEqual([]);
  expect(await callOf(taskId)).toMatchObject({
    started_at: null,
    approval: { decision: 'deny', reason: 'Paid back in May.' },
  });
});

test('edited arguments are checked, used, and kept beside the original ones', async () => {
  const { trigger } = await agentWith();
  model.respond({ tool_calls: [refundCall()] }, { text: 'Less, then.' });
  const taskId = await trigger();
  await parked(taskId);
  for (const [body, path] of [
    [{ decision: 'edit', arguments: { order: 'A-1', amount: 'all' } }, '/arguments/amount'],
    [{ decision: 'edit', arguments: { order: 'A-1' } }, '/arguments/amount'],
    [{ decision: 'edit' }, '/arguments'],
    [{ decision: 'approve', arguments: {} }, '/arguments'],
    [{ decision: 'answer', answer: 'yes' }, '/decision'],
  ] as const) {
    const refused = await decide(taskId, '1:c1', body);
    expect([refused.status, refused.body]).toMatchObject([
      422,
      { code: 'invalid_decision', errors: [{ path }] },
    ]);
  }
  const text = '{"decision":"edit","arguments":{"order":"A-1","amount":20.000000000000000001}}';
  expect((await stack.request('POST', `/api/tasks/${taskId}/approvals/1:c1`, text)).status).toBe(200);
  await stack.poll(taskId);
  expect(shop.calls.map(({ body }) => body)).toEqual(['{"order":"A-1","amount":20.000000000000000001}']);
  expect(await callOf(taskId)).toMatchObject({
    approval: {
      decision: 'edit',
      asked_arguments: { order: 'A-1', amount: 49.9 },
      arguments: { order: 'A-1', amount: 20 },
    },
  });
});

test('several calls of a turn wait at once, and those that need no approval are made meanwhile', async () => {
  const { trigger } = await agentWith();
  const look = { id: 'c3', name: 'look', arguments: {} };
  model.respond(
    { tool_calls: [refundCall(), refundCall({ order: 'B-2', amount: 5 }, 'c2'), look] },
    { text: 'Both seen to.' },
  );
  const taskId = await trigger();
  await parked(taskId, 2);
  await until('the call beside', () => paths().length > 0);
  expect(paths()).toEqual(['/look']);
  expect((await decide(taskId, '1:c2', { decision: 'approve' })).status).toBe(200);
  await until('the approved call', () => paths().length === 2);
  await parked(taskId, 1);
  expect((await stack.status(taskId)).body).toMatchObject({
    status: 'STARTED',
    waiting_for: { arguments: { order: 'A-1', amount: 49.9 } },
  });
  const asked = model.requests.length;
  expect((await decide(taskId, '1:c1', { decision: 'deny' })).status).toBe(200);
  expect((await stack.poll(taskId)).result.answer).toBe('Both seen to.');
  expect(paths()).toEqual(['/look', '/refund']);
  expect(shop.calls[1]?.body).toBe('{"order":"B-2","amount":5}');
  expect(model.requests.length).toBe(asked + 1);
});

test('a condition decides which calls need approval; one without a value means that they do', async () => {
  const when = 'args.amount > 100.0 || (payload.vip == true && args.amount > 20.0)';
  const { trigger } = await agentWith({ approval: { when } });
  const waits = async (amount: number, payload: object) => {
    model.respond({ tool_calls: [refundCall({ order: 'A', amount })] }, { text: 'Done.' });
    const taskId = await trigger(payload);
    const found = await until('it ends or waits', async () => {
      const { body } = await stack.status(taskId);
      if (body.status === 'SUCCESS') return 'made';
      return (await pendingOf(taskId)).length === 1 && 'waits';
    });
    if (found === 'waits') await decide(taskId, '1:c1', { decision: 'deny' });
    await stack.poll(taskId);
    return found;
  };
  expect(await waits(150, { vip: false })).toBe('waits');
  expect(await waits(15, { vip: true })).toBe('made');
  expect(await waits(50, {})).toBe('waits');
  for (const [source, detail] of [
    ['args.amount >', 'Unexpected token'],
    ['headers["a"] == "b"', 'Unknown variable: headers'],
    ['size(args)', 'not true or false'],
  ]) {
    const tool = { type: 'http', name: 'x', url: 'https://example.com', approval: { when: source } };
    const refused = await stack.request('POST', '/api/agents', { name: 'Bad', tools: [tool] });
    expect([refused.status, refused.body]).toMatchObject([
      400,
      { code: 'invalid_approval', detail: expect.stringContaining(detail ?? '') },
    ]);
  }
});

describe('a decision that nobody makes in time', () => {
  test('denies the call by default', async () => {
    const { trigger } = await agentWith({ approval: 'always', expires_in_seconds: 1 });
    model.respond({ tool_calls: [refundCall()] }, { text: 'Nobody answered.' });
    const taskId = await trigger();
    await parked(taskId);
    const task = await stack.poll(taskId);
    expect(task.result).toMatchObject({
      answer: 'Nobody answered.',
      tool_calls: [{ error: 'Nobody approved this call in time, so it was not made.' }],
    });
    expect(paths()).toEqual([]);
    const late = await decide(taskId, '1:c1', { decision: 'approve' });
    expect([late.status, late.body]).toMatchObject([409, { code: 'approval_expired' }]);
    expect(await callOf(taskId)).toMatchObject({ approval: { decision: 'expire', decided_by: null } });
  });

  test('ends the task with `approval_expired` if the tool says so', async () => {
    const { trigger } = await agentWith({ approval: 'always', expires_in_seconds: 1, on_timeout: 'fail' });
    model.respond({ tool_calls: [refundCall()] });
    const taskId = await trigger();
    const task = await stack.poll(taskId);
    expect(task).toMatchObject({ status: 'FAILURE', result: { error: { code: 'approval_expired' } } });
    expect(paths()).toEqual([]);
  });
});

test('a denial ends the task with `approval_denied` if the tool says so', async () => {
  const { trigger } = await agentWith({ approval: 'always', on_deny: 'fail' });
  model.respond({ tool_calls: [refundCall()] });
  const taskId = await trigger();
  await parked(taskId);
  await decide(taskId, '1:c1', { decision: 'deny', reason: 'No.' });
  const task = await stack.poll(taskId);
  expect(task).toMatchObject({
    status: 'FAILURE',
    result: {
      error: { code: 'approval_denied', message: 'A person denied a call of "refund". No.' },
      tool_calls: [{ name: 'refund' }],
    },
  });
});

test('only approvers decide: roles with stronger ones, and keys by their ids', async () => {
  const keyOf = async (role: string) =>
    (await stack.request<{ id: string; key: string }>('POST', '/api/keys', { name: role, role })).body;
  const [viewer, operator, admin] = await Promise.all(['viewer', 'operator', 'admin'].map(keyOf));
  const { trigger } = await agentWith({ approval: 'always', approvers: ['admin', viewer?.id] });
  model.respond({ tool_calls: [refundCall()] }, { text: 'ok' });
  const taskId = await trigger();
  await parked(taskId);
  const as = (key: string | undefined) => ({ authorization: `Bearer ${key}` });
  const refused = await decide(taskId, '1:c1', { decision: 'approve' }, as(operator?.key));
  expect([refused.status, refused.body]).toMatchObject([403, { code: 'forbidden' }]);
  const mine = await stack.request<{ approvals: Pending[] }>(
    'GET',
    '/api/approvals',
    undefined,
    as(operator?.key),
  );
  expect(mine.body.approvals.find(({ task_id }) => task_id === taskId)).toMatchObject({ may_decide: false });
  expect((await decide(taskId, '1:c1', { decision: 'approve' }, as(viewer?.key))).status).toBe(200);
  expect((await decide(taskId, '1:c1', { decision: 'approve' }, as(admin?.key))).status).toBe(409);
  await stack.poll(taskId);
  expect(await callOf(taskId)).toMatchObject({
    approval: { decided_by: { name: 'viewer', key_id: viewer?.id } },
  });
});

test('of many decisions at once, one counts, and the call is made once', async () => {
  const { trigger } = await agentWith();
  model.respond({ tool_calls: [refundCall()] }, { text: 'Once.' });
  const taskId = await trigger();
  await parked(taskId);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => decide(taskId, '1:c1', { decision: n % 2 ? 'deny' : 'approve' })),
  );
  const won = answers.filter(({ status }) => status === 200);
  expect(won).toHaveLength(1);
  expect(answers.filter(({ body }) => body.code === 'already_decided')).toHaveLength(19);
  await stack.poll(taskId);
  expect(paths()).toHaveLength(won[0]?.body.decision === 'approve' ? 1 : 0);
});

test('what cannot be decided has a defined answer', async () => {
  const { trigger } = await agentWith();
  model.respond({ tool_calls: [refundCall()] });
  const taskId = await trigger();
  await parked(taskId);
  const refused = async (id: string, call: string, body: object = { decision: 'approve' }) => {
    const { status, body: problem } = await decide(id, call, body);
    return [status, problem.code];
  };
  expect(await refused(taskId, '1:other')).toEqual([404, 'unknown_approval']);
  expect(await refused('5e1f6a70-93c4-8b1d-a2e4-0d9f8c7b6a51', '1:c1')).toEqual([404, 'unknown_task']);
  expect(await refused('nonsense', '1:c1')).toEqual([404, 'unknown_task']);
  expect(await refused(taskId, '1:c1', { decision: 'maybe' })).toEqual([400, 'invalid_request']);
  const cancelled = await stack.request<TaskBody>('POST', `/api/tasks/${taskId}/cancel`);
  expect(cancelled.body).toMatchObject({ status: 'FAILURE', result: { error: { code: 'cancelled' } } });
  expect(cancelled.body.waiting_for).toBeNull();
  expect(await refused(taskId, '1:c1')).toEqual([409, 'task_finished']);
  expect(await pendingOf(taskId)).toEqual([]);
});

test('a waiting task holds no place of its agent, and its time does not run', async () => {
  const limits = { max_concurrency: 1, timeout_seconds: 2 };
  const { trigger } = await agentWith(undefined, { limits });
  model.respond({ tool_calls: [refundCall()] }, { text: 'The second came first.' }, { text: 'The first.' });
  const first = await trigger();
  await parked(first);
  const second = await trigger();
  expect((await stack.poll(second)).result.answer).toBe('The second came first.');
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  await decide(first, '1:c1', { decision: 'approve' });
  expect((await stack.poll(first)).result.answer).toBe('The first.');
});

test('a reader without a key sees what the task waits for as `public_result` allows', async () => {
  const { trigger } = await agentWith(undefined, { public_result: 'answer' });
  model.respond({ tool_calls: [refundCall()] });
  const taskId = await trigger();
  await parked(taskId);
  expect((await stack.status(taskId)).body.waiting_for).toEqual({
    kind: 'approval',
    expires_at: expect.any(String),
  });
  const blind = await stack.request<{ key: string }>('POST', '/api/keys', {
    name: 'blind',
    role: 'operator',
    see_payloads: false,
  });
  const { body } = await stack.request<{ approvals: Pending[] }>('GET', '/api/approvals', undefined, {
    authorization: `Bearer ${blind.body.key}`,
  });
  const seen = body.approvals.find(({ task_id }) => task_id === taskId);
  expect(seen).toMatchObject({ tool: 'refund', redacted: true });
  expect(JSON.stringify(seen)).not.toContain('A-1');
});

describe('a one-time link', () => {
  test('shows a page that decides nothing, and decides with a POST, once and without a key', async () => {
    const { trigger } = await agentWith();
    model.respond({ tool_calls: [refundCall({ order: '<b>"A"</b>', amount: 1 })] }, { text: 'By link.' });
    const taskId = await trigger();
    const [pending] = await parked(taskId);
    const url = `${stack.url}${new URL(`${pending?.url}`).pathname}`;
    for (const method of ['GET', 'HEAD', 'GET']) {
      const page = await fetch(url, { method });
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      if (method === 'GET') expect(await page.text()).toContain('&lt;b&gt;');
    }
    expect(await pendingOf(taskId)).toHaveLength(1);
    const forged = await fetch(`${url.slice(0, -3)}AAA`, { method: 'POST', body: '{"decision":"approve"}' });
    expect(forged.status).toBe(404);
    const post = () => fetch(url, { method: 'POST', body: new URLSearchParams({ decision: 'approve' }) });
    const [first, second] = [await post(), await post()];
    expect([first.status, second.status]).toEqual([200, 409]);
    expect(await second.text()).toContain('decided before');
    expect((await fetch(url)).status).toBe(409);
    expect((await stack.poll(taskId)).result.answer).toBe('By link.');
    expect(paths()).toEqual(['/refund']);
    expect(await callOf(taskId)).toMatchObject({ approval: { decision: 'approve', decided_by: null } });
  });

  test('is not shown to those who may not decide', async () => {
    const { trigger } = await agentWith({ approval: 'always', approvers: ['admin'] });
    model.respond({ tool_calls: [refundCall()] });
    const taskId = await trigger();
    await parked(taskId);
    const { body: key } = await stack.request<{ key: string }>('POST', '/api/keys', {
      name: 'v',
      role: 'viewer',
    });
    const { body } = await stack.request<{ approvals: Pending[] }>('GET', '/api/approvals', undefined, {
      authorization: `Bearer ${key.key}`,
    });
    expect(body.approvals.find(({ task_id }) => task_id === taskId)?.url).toMatch(`/runs/${taskId}`);
  });
});

test('a person answers a question of the model, and the answer is checked', async () => {
  const answer_schema = { type: 'object', properties: { size: { enum: ['S', 'M'] } }, required: ['size'] };
  const agent = await stack.createAgent({
    name: 'Asks',
    model: 'compatible:m',
    tools: [{ type: 'ask_human', name: 'ask', answer_schema }],
  });
  const { token } = await stack.mintWebhook(agent.id);
  const call = { id: 'q', name: 'ask', arguments: { question: 'Which size?' } };
  model.respond({ tool_calls: [call] }, { text: 'M it is.' });
  const { task_id } = (await stack.trigger(token, {})).body;
  const [pending] = await parked(task_id);
  expect(pending).toMatchObject({ kind: 'question', tool: 'ask', question: 'Which size?', call_id: '1:q' });
  expect((await stack.status(task_id)).body.waiting_for).toMatchObject({
    kind: 'question',
    question: 'Which size?',
  });
  const answer = (value: unknown) => decide(task_id, '1:q', { decision: 'answer', answer: value });
  expect((await answer({ size: 'XL' })).body).toMatchObject({
    code: 'invalid_decision',
    errors: [{ path: '/answer/size' }],
  });
  expect((await decide(task_id, '1:q', { decision: 'approve' })).status).toBe(422);
  expect((await answer({ size: 'M' })).status).toBe(200);
  const task = await stack.poll(task_id);
  expect(task.result).toMatchObject({
    answer: 'M it is.',
    tool_calls: [{ name: 'ask', arguments: { question: 'Which size?' }, result: { size: 'M' }, error: null }],
  });
});

test('another system posts the result of a call to a one-time URL', async () => {
  const agent = await stack.createAgent({
    name: 'Waits',
    model: 'compatible:m',
    tools: [{ type: 'wait_callback', name: 'build_done' }],
  });
  const { token } = await stack.mintWebhook(agent.id);
  model.respond({ tool_calls: [{ id: 'w', name: 'build_done', arguments: {} }] }, { text: 'Built.' });
  const { task_id } = (await stack.trigger(token, {})).body;
  const [pending] = await parked(task_id);
  expect(pending).toMatchObject({ kind: 'callback', tool: 'build_done' });
  const url = `${stack.url}${new URL(`${pending?.url}`).pathname}`;
  const post = (body: string | Buffer, type = 'text/plain') =>
    fetch(url, { method: 'POST', body, headers: { 'content-type': type } });
  expect((await post('x'.repeat(64 * 1024 + 1))).status).toBe(413);
  expect((await post('['.repeat(30_000) + ']'.repeat(30_000))).status).toBe(400);
  expect((await post(Buffer.from('Zo\xeb', 'latin1'))).status).toBe(400);
  expect((await fetch(url)).status).toBe(405);
  expect((await post('{"ok":true,"id":12345678901234567890}')).status).toBe(200);
  expect((await post('{"ok":false}')).status).toBe(409);
  const task = await stack.poll(task_id);
  expect(task.result.tool_calls).toMatchObject([{ name: 'build_done', result: { ok: true } }]);
  expect(JSON.stringify(model.requests.at(-1)?.body.messages)).toContain('12345678901234567890');
});
