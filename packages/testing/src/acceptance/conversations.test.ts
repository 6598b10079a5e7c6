import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type ModelServer, type Stack, startOpenAiServer, startStack, until } from '../index.js';

let stack: Stack;
let model: ModelServer;

beforeAll(async () => {
  model = await startOpenAiServer();
  stack = await startStack({ env: { OPENAI_BASE_URL: model.url, EGRESS_ALLOW: '127.0.0.1' } });
});
beforeEach(() => {
  model.forget();
  model.requests.length = 0;
});
afterAll(async () => {
  await stack?.stop();
  await model?.close();
});

type Fields = Record<string, unknown>;
interface Conversation {
  id: string;
  key: string;
  events: number;
  open_tasks: number;
  expires_at: string | null;
  turns: { task_id: string; user: string; answer: string; tool_calls: { name: string; result: unknown }[] }[];
  tasks: { task_id: string; status: string }[];
}

/** An agent whose events belong together by `payload.chat`. */
async function agentWith(conversation: Fields = {}, rest: Fields = {}) {
  const { id } = await stack.createAgent({
    name: 'Chat',
    model: 'compatible:test-model',
    input_template: '{{ payload.text | raw }}',
    conversation: { key: '{{ payload.chat }}', ...conversation },
    ...rest,
  });
  const { token } = await stack.mintWebhook(id);
  const send = async (payload: unknown, headers: Record<string, string> = {}) =>
    (await stack.trigger(token, payload, headers)).body.task_id;
  return { id, token, send };
}

const get = (id: unknown) => stack.request<Conversation>('GET', `/api/conversations/${id}`);
const conversationOf = async (taskId: string) => (await stack.status(taskId)).body.conversation_id;
/** The messages of a model call without the system prompt, as `role: text`. */
const said = (n: number): string[] =>
  ((model.requests[n]?.body.messages ?? []) as { role: string; content: unknown; tool_calls?: unknown }[])
    .filter(({ role }) => role !== 'system')
    .map(({ role, content, tool_calls }) => `${role}: ${tool_calls ? 'calls' : JSON.stringify(content)}`);
const codeOf = ({ result }: { result: { error?: { code: string } } }) => result.error?.code;

test('the model sees the turns before, and events with another key do not', async () => {
  const { id, send } = await agentWith();
  model.respond({ text: 'Hello Ada.' });
  const first = await send({ chat: 7, text: 'I am Ada.' });
  await stack.poll(first);
  const second = await send({ chat: '7', text: 'Who am I?' });
  const other = await send({ chat: 8, text: 'Who am I?' });
  await Promise.all([stack.poll(second), stack.poll(other)]);

  const calls = model.requests.map((_, n) => said(n)).slice(1);
  expect(calls).toContainEqual(['user: "I am Ada."', 'assistant: "Hello Ada."', 'user: "Who am I?"']);
  expect(calls).toContainEqual(['user: "Who am I?"']);
  const conversation = await conversationOf(first);
  expect(await conversationOf(second)).toBe(conversation);
  expect(await conversationOf(other)).not.toBe(conversation);

  const { body } = await get(conversation);
  expect(body).toMatchObject({ agent_id: id, key: '7', events: 2, open_tasks: 0, is_test: false });
  expect(body.turns.map(({ task_id, user }) => [task_id, user])).toEqual([
    [first, 'I am Ada.'],
    [second, 'Who am I?'],
  ]);
  expect(body.tasks.map(({ task_id, status }) => [task_id, status])).toEqual([
    [first, 'SUCCESS'],
    [second, 'SUCCESS'],
  ]);
  const { conversations } = (
    await stack.request<{ conversations: Conversation[] }>('GET', `/api/conversations?agent_id=${id}`)
  ).body;
  expect(conversations.map(({ key }) => key).toSorted()).toEqual(['7', '8']);
  const byKey = await stack.request<{ conversations: Conversation[] }>(
    'GET',
    `/api/conversations?agent_id=${id}&key=8`,
  );
  expect(byKey.body.conversations).toMatchObject([{ key: '8', events: 1 }]);
});

test('tool calls and their results are part of a turn', async () => {
  const note = { type: 'memory', name: 'memory' };
  const { send } = await agentWith({}, { tools: [note] });
  model.respond(
    { tool_calls: [{ name: 'memory_save', arguments: { key: 'dog', text: 'Rex' } }] },
    { text: 'Noted.' },
  );
  const first = await send({ chat: 't', text: 'My dog is Rex.' });
  await stack.poll(first);
  await stack.poll(await send({ chat: 't', text: 'And now?' }));
  const [turn] = (await get(await conversationOf(first))).body.turns;
  expect(turn).toMatchObject({ answer: 'Noted.', tool_calls: [{ name: expect.any(String) }] });
  expect(said(2)).toEqual([
    'user: "My dog is Rex."',
    'assistant: calls',
    expect.stringMatching(/^tool: /),
    'assistant: "Noted."',
    'user: "And now?"',
  ]);
});

test('a queue runs one at a time in order of arrival, and a failed or cancelled one holds nobody up', async () => {
  const { send } = await agentWith();
  model.respond({ hang: true }, { status: 401, body: {} });
  const ids: string[] = [];
  for (let n = 0; n < 6; n++) ids.push(await send({ chat: 'q', text: `event ${n}` }));
  await until('the first one runs', () => model.requests.length === 1);
  const { body } = await get(await conversationOf(ids[0] ?? ''));
  expect(body).toMatchObject({ open_tasks: 6, expires_at: null });
  for (const n of [3, 0]) await stack.request('POST', `/api/tasks/${ids[n]}/cancel`);
  const ended = await Promise.all(ids.map((id) => stack.poll(id)));
  expect(ended.map(({ status }) => status)).toEqual([
    'FAILURE',
    'FAILURE',
    'SUCCESS',
    'FAILURE',
    'SUCCESS',
    'SUCCESS',
  ]);
  expect(model.requests.map((_, n) => said(n).at(-1))).toEqual(
    [0, 1, 2, 4, 5].map((n) => `user: "event ${n}"`),
  );
  // One at a time: each began after the end of the one before.
  const spans = ended.filter(({ started_at }) => started_at !== null);
  for (const [n, task] of spans.slice(1).entries())
    expect(String(task.started_at) >= String(spans[n]?.finished_at)).toBe(true);
  // What was said to a run that failed is not lost; a cancelled one adds nothing.
  expect(said(4)).toEqual([
    'user: "event 1"',
    'assistant: "(This run ended without an answer: model_auth.)"',
    ...[2, 4].flatMap((n) => [`user: "event ${n}"`, expect.stringMatching(/^assistant: /)]),
    'user: "event 5"',
  ]);
});

test('a queue of one agent uses no slot of the worker', async () => {
  const [busy, quiet] = [await agentWith(), await agentWith()];
  model.respond({ hang: true });
  const first = await busy.send({ chat: 'x', text: 'slow' });
  await until('it runs', () => model.requests.length === 1);
  const waiting = await Promise.all(
    Array.from({ length: 300 }, (_, n) => busy.send({ chat: 'x', text: `${n}` })),
  );
  const other = await stack.poll(await quiet.send({ chat: 'y', text: 'quick' }), { everyMs: 10 });
  expect(other.status).toBe('SUCCESS');
  expect((await stack.status(first)).body.status).toBe('STARTED');
  expect((await stack.status(waiting[0] ?? '')).body.status).toBe('PENDING');
  for (const id of [...waiting.slice(1), first]) await stack.request('POST', `/api/tasks/${id}/cancel`);
  expect((await stack.poll(waiting[0] ?? '')).status).toBe('SUCCESS');
});

test('supersede ends the running and the waiting one', async () => {
  const { send } = await agentWith({ when_busy: 'supersede' });
  model.respond({ hang: true });
  const running = await send({ chat: 's', text: 'one' });
  await until('it runs', () => model.requests.length === 1);
  const waiting = await send({ chat: 's', text: 'two' });
  const last = await send({ chat: 's', text: 'three' });
  const [first, second, third] = await Promise.all([running, waiting, last].map((id) => stack.poll(id)));
  expect([first, second].map((task) => task && codeOf(task))).toEqual(['superseded', 'superseded']);
  expect(third?.status).toBe('SUCCESS');
  expect(said(1)).toEqual(['user: "three"']);
  expect(String(third?.started_at) >= String(first?.finished_at)).toBe(true);
  expect((await get(await conversationOf(last))).body.turns).toHaveLength(1);
});

test('supersede also ends one that waits for its next attempt', async () => {
  const { send } = await agentWith({ when_busy: 'supersede' });
  model.respond({ status: 503, body: {} }, { text: 'newer' });
  const failing = await send({ chat: 's', text: 'one' });
  await until('it waits', async () => (await stack.status(failing)).body.next_attempt_at !== null);
  const last = await send({ chat: 's', text: 'two' });
  expect(codeOf(await stack.poll(failing))).toBe('superseded');
  expect((await stack.poll(last)).status).toBe('SUCCESS');
});

test('in parallel, events of a key do not wait for each other', async () => {
  const { send } = await agentWith({ when_busy: 'parallel' });
  model.respond({ hang: true });
  const slow = await send({ chat: 'p', text: 'slow' });
  await until('it runs', () => model.requests.length === 1);
  const quick = await send({ chat: 'p', text: 'quick' });
  expect((await stack.poll(quick)).status).toBe('SUCCESS');
  expect((await stack.status(slow)).body.status).toBe('STARTED');
  await stack.request('POST', `/api/tasks/${slow}/cancel`);
  expect((await get(await conversationOf(slow))).body.turns.map(({ user }) => user)).toEqual(['quick']);
});

test('max_tokens leaves out the oldest turns, and ttl_seconds ends a conversation', async () => {
  const { send } = await agentWith({ max_tokens: 60, ttl_seconds: 2 });
  for (const text of ['first', 'second', 'third', 'fourth']) {
    model.respond({ text: `answer to ${text}` });
    await stack.poll(await send({ chat: 'm', text }));
  }
  const last = said(3);
  expect(last.at(-1)).toBe('user: "fourth"');
  expect(last).toContain('user: "third"');
  expect(last).not.toContain('user: "first"');
  const id = await conversationOf(await send({ chat: 'm', text: 'fifth' }));
  await until('it expires', async () => (await get(id)).status === 404, { timeoutMs: 10_000 });
  const next = await send({ chat: 'm', text: 'sixth' });
  await stack.poll(next);
  expect(said(5)).toEqual(['user: "sixth"']);
  expect(await conversationOf(next)).toBe(id);
});

test('odd keys: none, a broken one, and one of 10 KB', async () => {
  const { send } = await agentWith({ key: '{% for n in (1..payload.to) %}x{% endfor %}' });
  const trace = (id: string) => stack.request('GET', `/api/tasks/${id}`);
  const broken = await send({ to: 1_000_000_000, text: 'a' });
  expect((await stack.poll(broken)).status).toBe('SUCCESS');
  expect((await trace(broken)).body).toMatchObject({
    conversation_id: null,
    conversation_error: expect.stringMatching(/^key: /),
  });
  const [list] = (await stack.request<{ tasks: Fields[] }>('GET', '/api/tasks?limit=1')).body.tasks;
  expect(list?.conversation_error).toMatch(/^key: /);

  const long = await agentWith();
  const [none, one, two] = [{ text: 'n' }, 'x'.repeat(10_240), `${'x'.repeat(10_239)}y`];
  const alone = await long.send(none);
  expect(await conversationOf(alone)).toBeNull();
  const ids = await Promise.all([one, one, two].map((chat) => long.send({ chat, text: '1' })));
  await Promise.all(ids.map((id) => stack.poll(id)));
  const [first, same, another] = await Promise.all(ids.map(conversationOf));
  expect(first).toBe(same);
  expect(first).not.toBe(another);
  expect((await get(first)).body.key).toHaveLength(1_000);
});

test('a large payload has a key too', async () => {
  const { send } = await agentWith();
  const big = await send({ chat: 'big', text: 'x', filler: 'y'.repeat(400_000) });
  const small = await send({ chat: 'big', text: 'z' });
  await Promise.all([stack.poll(big), stack.poll(small)]);
  expect(await conversationOf(big)).toBe(await conversationOf(small));
});

test('an idempotency key and a conversation key with the same text have nothing to do with each other', async () => {
  const { send } = await agentWith();
  const first = await send({ chat: 'same', text: 'a' }, { 'idempotency-key': 'same' });
  const again = await send({ chat: 'same', text: 'a' }, { 'idempotency-key': 'same' });
  const other = await send({ chat: 'other', text: 'b' }, { 'idempotency-key': 'same-2' });
  expect(again).toBe(first);
  await Promise.all([stack.poll(first), stack.poll(other)]);
  expect((await get(await conversationOf(first))).body.events).toBe(1);
  expect(await conversationOf(other)).not.toBe(await conversationOf(first));
});

test('deleting a conversation erases its turns; a running task ends, and the next one starts without them', async () => {
  const { send } = await agentWith();
  const first = await send({ chat: 'd', text: 'SECRET-1' });
  await stack.poll(first);
  const id = await conversationOf(first);
  model.respond({ delay_ms: 2_500, text: 'slow' });
  const running = await send({ chat: 'd', text: 'two' });
  await until('it runs', () => model.requests.length === 2);
  const waiting = await send({ chat: 'd', text: 'three' });
  const deleted = await stack.request('DELETE', `/api/conversations/${id}`);
  expect(deleted.status).toBe(204);
  expect((await get(id)).status).toBe(404);
  expect((await stack.request('DELETE', `/api/conversations/${id}`)).status).toBe(404);
  const fresh = await send({ chat: 'd', text: 'four' });
  const ended = await Promise.all([running, waiting, fresh].map((task) => stack.poll(task)));
  expect(ended.map(({ status }) => status)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS']);
  expect(said(3)).toEqual(['user: "four"']);
  expect((await get(id)).body.turns.map(({ user }) => user)).toEqual(['four']);
});

test('deleting an agent or a task erases what its conversations have of it', async () => {
  const { id, send } = await agentWith();
  const [first, second] = [await send({ chat: 'e', text: 'one' }), await send({ chat: 'e', text: 'two' })];
  await Promise.all([stack.poll(first), stack.poll(second)]);
  const conversation = await conversationOf(first);
  await until(
    'its end is settled',
    async () => (await stack.request('DELETE', `/api/tasks/${first}`)).status === 204,
  );
  const { body } = await get(conversation);
  expect(body.turns.map(({ user }) => user)).toEqual(['two']);
  await stack.request('DELETE', `/api/agents/${id}`);
  expect((await get(conversation)).status).toBe(404);
  const { conversations } = (
    await stack.request<{ conversations: Conversation[] }>('GET', `/api/conversations?agent_id=${id}`)
  ).body;
  expect(conversations).toEqual([]);
});

test('a replay continues the conversation, a test has its own', async () => {
  const { id, send } = await agentWith();
  const first = await send({ chat: 'r', text: 'real' });
  await stack.poll(first);
  const replayed = await stack.request<{ task_id: string }>('POST', `/api/tasks/${first}/replay`, {});
  await stack.poll(replayed.body.task_id);
  expect(said(1)).toHaveLength(3);
  const tested = await stack.request<{ task_id: string }>('POST', `/api/agents/${id}/test`, {
    payload: { chat: 'r', text: 'test' },
  });
  const { task_id } = tested.body;
  await stack.poll(task_id);
  expect(said(2)).toEqual(['user: "test"']);
  expect((await get(await conversationOf(task_id))).body).toMatchObject({ is_test: true, key: 'r' });
});

test('a key that may not see payloads sees neither keys nor turns', async () => {
  const { send } = await agentWith();
  const first = await send({ chat: 'hidden', text: 'SECRET-2' });
  await stack.poll(first);
  const made = await stack.request<{ key: string }>('POST', '/api/keys', {
    name: 'blind',
    role: 'viewer',
    see_payloads: false,
  });
  const headers = { authorization: `Bearer ${made.body.key}` };
  const id = await conversationOf(first);
  const seen = await stack.request('GET', `/api/conversations/${id}`, undefined, headers);
  expect(seen.body).toMatchObject({ key: null, turns: null, tasks: [{ task_id: first }] });
  const list = await stack.request('GET', '/api/conversations', undefined, headers);
  expect(JSON.stringify([seen.body, list.body])).not.toMatch(/hidden|SECRET/);
  expect((await stack.request('DELETE', `/api/conversations/${id}`, undefined, headers)).status).toBe(403);
});

test.each([
  [{ key: '' }, '/conversation/key'],
  [{ key: '{{ payload.' }, '/conversation/key'],
  [{ key: 'k', ttl_seconds: 0 }, '/conversation/ttl_seconds'],
  [{ key: 'k', ttl_seconds: 31_536_001 }, '/conversation/ttl_seconds'],
  [{ key: 'k', max_tokens: -1 }, '/conversation/max_tokens'],
  [{ key: 'k', when_busy: 'later' }, '/conversation/when_busy'],
  [{ ttl_seconds: 5 }, '/conversation'],
])('the settings %j are refused with the place', async (conversation, path) => {
  const refused = await stack.request<{ errors?: { path: string }[] }>('POST', '/api/agents', {
    name: 'Bad',
    conversation,
  });
  expect(refused.status).toBeGreaterThanOrEqual(400);
  expect(refused.status).toBeLessThan(500);
  expect(refused.body.errors?.some((error) => error.path.startsWith(path))).toBe(true);
});
