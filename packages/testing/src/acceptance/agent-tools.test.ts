import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Stack, sharedStack, until } from '../index.js';

// Agents of the sandbox, whose payloads say which tools they call.

let stack: Stack;
beforeAll(async () => {
  stack = await sharedStack();
});
afterAll(() => stack?.stop());

const ANYTHING = { type: 'object' };

interface Call {
  name: string;
  result: unknown;
  error: string | null;
  child?: { task_id: string; agent_id: string };
}
interface Trace {
  status: string;
  parent?: { task_id: string; agent_id: string; call_id: string };
  trigger: string;
  payload: unknown;
  result: { answer: string; tool_calls: Call[]; error?: { code: string }; usage: { total_tokens: number } };
  steps: { tool_calls: Call[] }[];
  waiting_for: { kind: string; text: string; tool: string } | null;
}

const traceOf = async (id: string) => (await stack.request<Trace>('GET', `/api/tasks/${id}`)).body;
const callsOf = async (id: string) => (await traceOf(id)).steps.flatMap(({ tool_calls }) => tool_calls);
const childOf = (id: string, n = 0) =>
  until('the child exists', async () => {
    const child = (await callsOf(id))[n]?.child?.task_id;
    return child !== undefined && (await stack.status(child)).status === 200 && child;
  });

/** An agent that may call some others, by the names of the tools. */
async function agentThat(calls: Record<string, string | object> = {}, more: object = {}) {
  const { id } = await stack.createAgent({
    name: 'Desk',
    model: 'sandbox:echo',
    sandbox_tools: true,
    input_schema: ANYTHING,
    tools: Object.entries(calls).map(([name, about]) => ({
      type: 'agent',
      name,
      ...(typeof about === 'string' ? { agent_id: about } : about),
    })),
    ...more,
  });
  const { token } = await stack.mintWebhook(id);
  const trigger = async (sandbox: object) => (await stack.trigger(token, { sandbox })).body.task_id;
  return { id, trigger };
}

const ask = (name: string, sandbox: object) => ({ tool: { name, arguments: { sandbox } } });

test('an agent calls another one: a task of its own, whose answer is the result, with a trace both ways', async () => {
  const child = await agentThat();
  const parent = await agentThat({ ask_child: child.id });
  const id = await parent.trigger({ steps: [ask('ask_child', { reply: 'Forty-two.' })], reply: 'Done.' });
  expect(await stack.poll(id)).toMatchObject({ status: 'SUCCESS', result: { answer: 'Done.' } });
  const trace = await traceOf(id);
  expect(trace.result.tool_calls).toMatchObject([{ name: 'ask_child', result: 'Forty-two.', error: null }]);
  const [call] = await callsOf(id);
  expect(call?.child).toEqual({ task_id: expect.any(String), agent_id: child.id });
  expect(await traceOf(call?.child?.task_id ?? '')).toMatchObject({
    status: 'SUCCESS',
    trigger: 'agent',
    parent: { task_id: id, agent_id: parent.id, call_id: expect.stringMatching(/^1:/) },
    payload: { sandbox: { reply: 'Forty-two.' } },
  });
  const { body } = await stack.request<{ tasks: { parent?: object }[] }>(
    'GET',
    `/api/tasks?agent_id=${child.id}`,
  );
  expect(body.tasks).toMatchObject([{ trigger: 'agent', parent: { task_id: id } }]);
});

test('while its child runs, a task says so, and takes no slot', async () => {
  const child = await agentThat();
  const parent = await agentThat({ ask_child: child.id });
  const steps = [ask('ask_child', { steps: [{ text: 'Working.', latency_ms: 60_000 }] })];
  const id = await parent.trigger({ steps, reply: 'Done.' });
  const childId = await childOf(id);
  const waiting = await until('the task waits', async () => {
    const { waiting_for, status } = await traceOf(id);
    return waiting_for && { waiting_for, status };
  });
  expect(waiting).toMatchObject({
    status: 'STARTED',
    waiting_for: { kind: 'agent', tool: 'ask_child', text: expect.stringContaining('waits for the agent') },
  });
  const { body } = await stack.request<{ tasks: { waiting_for: object }[] }>(
    'GET',
    `/api/tasks?agent_id=${parent.id}`,
  );
  expect(body.tasks).toMatchObject([{ waiting_for: { kind: 'agent', tool: 'ask_child' } }]);

  // A cancel goes down.
  await stack.request('POST', `/api/tasks/${id}/cancel`);
  expect(await stack.poll(id)).toMatchObject({ result: { error: { code: 'cancelled' } } });
  expect(await stack.poll(childId)).toMatchObject({ result: { error: { code: 'cancelled' } } });
});

test('the failure of a child is told to the model, as is a call that may not be made', async () => {
  const child = await agentThat({}, { limits: { max_attempts: 1 } });
  const disabled = await agentThat({}, { status: 'disabled' });
  const deleted = await agentThat();
  const parent = await agentThat({ ask_child: child.id, ask_disabled: disabled.id, ask_deleted: deleted.id });
  await stack.request('DELETE', `/api/agents/${deleted.id}`);
  const id = await parent.trigger({
    steps: [
      ask('ask_child', { steps: [{ fail: 'refused' }] }),
      ask('ask_disabled', {}),
      { tool: { name: 'ask_deleted', arguments: { message: 'Hello' } } },
    ],
    reply: 'Done.',
  });
  expect(await stack.poll(id)).toMatchObject({ status: 'SUCCESS', result: { answer: 'Done.' } });
  const errors = (await callsOf(id)).map(({ error }) => error);
  expect(errors).toEqual([
    expect.stringContaining('The agent failed. What it had done stays done. model_refused:'),
    expect.stringContaining('the agent is disabled'),
    expect.stringContaining('the agent was deleted'),
  ]);
});

test('children nest two levels deep, and no agent calls one that it runs for', async () => {
  const fourth = await agentThat();
  const third = await agentThat({ ask_fourth: fourth.id });
  const second = await agentThat({ ask_third: third.id });
  const first = await agentThat({ ask_second: second.id });
  const saved = await Promise.all(
    [second, first].map(({ id }) =>
      stack.request<{ warnings: object[] }>('PATCH', `/api/agents/${id}`, { description: 'x' }),
    ),
  );
  expect(saved.map(({ body }) => body.warnings)).toEqual([
    [],
    [
      {
        path: '/tools/0/agent_id',
        code: 'agents_too_deep',
        detail: expect.stringContaining(`${second.id} → ${third.id} → ${fourth.id}`),
      },
    ],
  ]);
  const deepest = { steps: [ask('ask_fourth', { reply: 'Four.' })], reply: 'Three.' };
  const id = await first.trigger({
    steps: [ask('ask_second', { steps: [ask('ask_third', deepest)], reply: 'Two.' })],
    reply: 'One.',
  });
  expect(await stack.poll(id)).toMatchObject({ status: 'SUCCESS', result: { answer: 'One.' } });
  const childId = await childOf(id);
  expect(await callsOf(childId)).toMatchObject([{ result: 'Three.', error: null }]);
  const grandchildId = await childOf(childId);
  expect(await traceOf(grandchildId)).toMatchObject({ parent: { task_id: childId, agent_id: second.id } });
  expect(await callsOf(grandchildId)).toMatchObject([
    { name: 'ask_fourth', error: expect.stringContaining('at most 2 levels deep') },
  ]);
});

test('a save refuses an agent that does not exist, the agent itself, and a cycle', async () => {
  const first = await agentThat();
  const second = await agentThat({ ask_first: first.id });
  const save = async (agentId: string, target: string) => {
    const tools = [{ type: 'agent', name: 'ask', agent_id: target }];
    const { status, body } = await stack.request<{ code: string; detail: string; errors: object[] }>(
      'PATCH',
      `/api/agents/${agentId}`,
      { tools },
    );
    return [status, body.code, body.detail, body.errors];
  };
  const at = [{ path: '/tools/0/agent_id', message: expect.any(String) }];
  expect(await save(first.id, 'agt_nobody')).toEqual([
    422,
    'invalid_tools',
    'There is no agent agt_nobody.',
    at,
  ]);
  expect(await save(first.id, first.id)).toEqual([422, 'invalid_tools', 'An agent cannot call itself.', at]);
  const cycle = `The agents would call each other for ever: ${first.id} → ${second.id} → ${first.id}.`;
  expect(await save(first.id, second.id)).toEqual([422, 'invalid_tools', cycle, at]);
  // One that calls an agent that was deleted later can still be edited.
  await stack.request('DELETE', `/api/agents/${first.id}`);
  const edited = await stack.request('PATCH', `/api/agents/${second.id}`, { description: 'Edited.' });
  expect(edited.status).toBe(200);
});

test('what a child may use is taken from what is left to its parent', async () => {
  const child = await agentThat();
  const limits = { max_total_tokens: 10_000, max_steps: 20 };
  const parent = await agentThat({ ask_child: child.id }, { limits });
  const busy = (tokens: number) => ({ steps: [{ text: 'Working.', tokens }], reply: 'Done.' });
  const id = await parent.trigger({
    steps: [ask('ask_child', busy(6_000)), ask('ask_child', busy(6_000)), ask('ask_child', busy(1))],
    reply: 'Done.',
  });
  const task = await stack.poll(id);
  expect(task).toMatchObject({ status: 'FAILURE', result: { error: { code: 'budget_exhausted' } } });
  const calls = await callsOf(id);
  expect(calls[0]).toMatchObject({ error: null });
  expect(calls[1]?.error).toContain('budget_exhausted');
  const { result } = await traceOf(calls[1]?.child?.task_id ?? '');
  expect(result.error?.code).toBe('budget_exhausted');
});

test('a call that takes too long is given up, and its task is stopped', async () => {
  const child = await agentThat();
  const parent = await agentThat({ ask_child: { agent_id: child.id, timeout_seconds: 2 } });
  const steps = [ask('ask_child', { steps: [{ text: 'Working.', latency_ms: 60_000 }] })];
  const id = await parent.trigger({ steps, reply: 'Done.' });
  expect(await stack.poll(id)).toMatchObject({ status: 'SUCCESS', result: { answer: 'Done.' } });
  expect((await callsOf(id))[0]?.error).toMatch(/did not finish in time|timeout/);
  expect(await stack.poll(await childOf(id))).toMatchObject({ status: 'FAILURE' });
});

test('a finished call is not made again by a continued run, and erasing a task erases its children', async () => {
  const child = await agentThat();
  const parent = await agentThat({ ask_child: child.id }, { limits: { max_attempts: 1 } });
  const steps = [ask('ask_child', { reply: 'Forty-two.' }), { fail: 'refused' }];
  const id = await parent.trigger({ steps, reply: 'Done.' });
  expect(await stack.poll(id)).toMatchObject({ status: 'FAILURE' });
  const childId = await childOf(id);
  const { body } = await stack.request<{ task_id: string }>('POST', `/api/tasks/${id}/continue`, {});
  await stack.poll(body.task_id);
  expect(await callsOf(body.task_id)).toMatchObject([{ result: 'Forty-two.', child: { task_id: childId } }]);
  const list = await stack.request<{ tasks: object[] }>('GET', `/api/tasks?agent_id=${child.id}`);
  expect(list.body.tasks).toHaveLength(1);
  expect((await stack.request('DELETE', `/api/tasks/${id}`)).status).toBe(204);
  expect((await stack.status(childId)).status).toBe(404);
});

test('a call can need approval first', async () => {
  const child = await agentThat();
  const parent = await agentThat({ ask_child: { agent_id: child.id, approval: 'always' } });
  const id = await parent.trigger({ steps: [ask('ask_child', { reply: 'Yes.' })], reply: 'Done.' });
  const pending = await until('it waits for approval', async () => {
    const { body } = await stack.request<{ approvals: { task_id: string; call_id: string }[] }>(
      'GET',
      '/api/approvals?status=pending',
    );
    return body.approvals.find(({ task_id }) => task_id === id);
  });
  const decide = () =>
    stack.request<{ code: string }>('POST', `/api/tasks/${id}/approvals/${pending.call_id}`, {
      decision: 'approve',
    });
  expect((await decide()).status).toBe(200);
  expect(await stack.poll(id)).toMatchObject({ status: 'SUCCESS' });
  expect(await callsOf(id)).toMatchObject([{ result: 'Yes.', child: { agent_id: child.id } }]);
});

test('a thousand tasks that wait for their children take no slot, and all end', async () => {
  const child = await agentThat();
  const parent = await agentThat({ ask_child: child.id });
  const other = await agentThat();
  await stack.request('POST', `/api/agents/${child.id}/pause`);
  const sandbox = { steps: [ask('ask_child', { reply: 'Yes.' })], reply: 'Done.' };
  const ids: string[] = [];
  for (let n = 0; n < 1_000; n += 100)
    ids.push(...(await Promise.all(Array.from({ length: 100 }, () => parent.trigger(sandbox)))));
  const count = async (query: string) =>
    (await stack.request<{ count: number }>('GET', `/api/tasks/count?${query}`)).body.count;
  await until(
    'all children exist',
    async () => (await count(`agent_id=${child.id}&status=PENDING`)) === ids.length,
    { timeoutMs: 60_000 },
  );
  const id = await other.trigger({ reply: 'At once.' });
  expect(await stack.poll(id)).toMatchObject({ status: 'SUCCESS' });
  expect((await stack.status(ids[0] ?? '')).body).toMatchObject({
    status: 'STARTED',
    waiting_for: { kind: 'agent' },
  });
  await stack.request('POST', `/api/agents/${child.id}/resume`);
  await until(
    'all parents have ended',
    async () => (await count(`agent_id=${parent.id}&status=SUCCESS`)) === ids.length,
    { timeoutMs: 60_000 },
  );
  expect(await count(`agent_id=${child.id}`)).toBe(ids.length);
}, 180_000);
