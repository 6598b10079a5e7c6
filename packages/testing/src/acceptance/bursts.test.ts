import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type ModelServer, type Stack, startOpenAiServer, startStack, until } from '../index.js';

let stack: Stack;
let model: ModelServer;

beforeAll(async () => {
  model = await startOpenAiServer();
  stack = await startStack({ env: { OPENAI_BASE_URL: model.url } });
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
interface Trace extends Fields {
  payload: unknown;
  events?: { at: string; idempotency_key: string | null; payload: unknown }[];
}

/** An agent whose events belong together by `payload.doc`. */
async function agentWith(burst: Fields, rest: Fields = {}) {
  const { id } = await stack.createAgent({
    name: 'Editor',
    model: 'compatible:test-model',
    burst: { key: '{{ payload.doc }}', window_seconds: 1, ...burst },
    ...rest,
  });
  const { token } = await stack.mintWebhook(id);
  const post = (payload: unknown, headers: Record<string, string> = {}) =>
    stack.trigger(token, payload, headers);
  const send = async (payload: unknown, headers: Record<string, string> = {}) =>
    (await post(payload, headers)).body.task_id;
  return { id, post, send };
}

const trace = async (id: string) => (await stack.request<Trace>('GET', `/api/tasks/${id}`)).body;
const messagesOf = (n: number): { role: string; content: string }[] => model.requests[n]?.body.messages ?? [];
const payloads = ({ events }: Trace) => events?.map(({ payload }) => payload);

test('events of a key within a window are one run of the newest payload', async () => {
  const { id, send } = await agentWith({});
  const events = [1, 2, 3].map((n) => ({ doc: 'a', n }));
  const ids: string[] = [];
  for (const event of events) ids.push(await send(event));
  const other = await send({ doc: 'b', n: 1 });
  expect(new Set(ids).size).toBe(1);
  expect(other).not.toBe(ids[0]);
  expect((await stack.status(ids[0] ?? '')).body.status).toBe('PENDING');
  const ended = await stack.poll(ids[0] ?? '');
  expect(ended.status).toBe('SUCCESS');
  const seen = await trace(ids[0] ?? '');
  expect(seen.payload).toEqual({ doc: 'a', n: 3 });
  expect(payloads(seen)).toEqual(events);
  expect((await trace(other)).payload).toEqual({ doc: 'b', n: 1 });
  await stack.poll(other);
  expect(await stack.taskIds(id)).toHaveLength(2);
  // The window began again with the last event.
  expect(Date.parse(String(ended.started_at)) - Date.parse(seen.events?.[2]?.at ?? '')).toBeGreaterThan(900);
});

test('a run gets at most 10 files of its events', async () => {
  const { id } = await agentWith({ keep: 'all', window_seconds: 2 });
  const url = `${stack.url}/api/webhooks/agents/${(await stack.mintWebhook(id)).token}`;
  const post = async () => {
    const body = new FormData();
    body.set('doc', 'a');
    for (let n = 0; n < 6; n++) body.append('f', new File([`${n}`], `${n}.bin`));
    return ((await (await fetch(url, { method: 'POST', body })).json()) as { task_id: string }).task_id;
  };
  const [first, second] = [await post(), await post()];
  expect(second).not.toBe(first);
  for (const task of [first, second]) {
    expect((await stack.poll(task)).status).toBe('SUCCESS');
    const { body } = await stack.request('GET', `/api/tasks/${task}`);
    expect(body.attachments).toHaveLength(6);
  }
});

test('with keep all, the payload has all events in order, with every digit', async () => {
  const { send, post } = await agentWith({ keep: 'all' }, { input_template: '{{ payload | json | raw }}' });
  const id = await send({ doc: 'a', n: 1 });
  await post('{"doc":"a","n":12345678901234567890}');
  await send({ doc: 'a', n: 3 });
  expect((await stack.poll(id)).status).toBe('SUCCESS');
  expect(messagesOf(0).at(-1)?.content).toBe(
    '{"events":[{"doc":"a","n":1},{"doc":"a","n":12345678901234567890},{"doc":"a","n":3}]}',
  );
  const replayed = await stack.request<{ task_id: string }>('POST', `/api/tasks/${id}/replay`, {});
  await stack.poll(replayed.body.task_id);
  expect((await trace(replayed.body.task_id)).payload).toMatchObject({ events: [{ n: 1 }, {}, { n: 3 }] });
});

test('max_items and max_wait_seconds end a window early, and the next event begins another one', async () => {
  const { send } = await agentWith({ window_seconds: 60, max_items: 3 });
  const ids: string[] = [];
  for (let n = 0; n < 7; n++) ids.push(await send({ doc: 'a', n }));
  expect(ids.map((id) => ids.indexOf(id))).toEqual([0, 0, 0, 3, 3, 3, 6]);
  for (const id of [ids[0], ids[3]]) expect((await stack.poll(id ?? '')).status).toBe('SUCCESS');
  expect(payloads(await trace(ids[3] ?? ''))).toHaveLength(3);
  await stack.request('POST', `/api/tasks/${ids[6]}/cancel`);
  expect(await send({ doc: 'a', n: 8 })).not.toBe(ids[6]);

  const steady = await agentWith({ window_seconds: 1, max_wait_seconds: 1.5 });
  const first = await steady.send({ doc: 'a', n: 0 });
  await until(
    'the window ends although events come',
    async () => {
      await steady.send({ doc: 'a', n: 1 });
      return (await stack.status(first)).body.status === 'SUCCESS';
    },
    { everyMs: 200, timeoutMs: 10_000 },
  );
  const { events = [], started_at } = await trace(first);
  expect(Date.parse(String(started_at)) - Date.parse(events[0]?.at ?? '')).toBeGreaterThan(1_400);
});

test('idempotency keys hold for each event', async () => {
  const { post, send } = await agentWith({});
  const one = await post({ doc: 'a', n: 1 }, { 'idempotency-key': 'k1' });
  const two = await post({ doc: 'a', n: 2 }, { 'idempotency-key': 'k2' });
  const id = one.body.task_id;
  expect(two.body.task_id).toBe(id);
  expect(two.headers.get('idempotent-replayed')).toBeNull();
  for (const [key, n] of [
    ['k1', 1],
    ['k2', 2],
  ] as const) {
    const again = await post({ doc: 'a', n }, { 'idempotency-key': key });
    expect(again.body.task_id).toBe(id);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect((await post({ doc: 'a', n: 9 }, { 'idempotency-key': key })).status).toBe(422);
  }
  await stack.poll(id);
  expect((await trace(id)).events).toMatchObject([
    { idempotency_key: 'k1', payload: { n: 1 } },
    { idempotency_key: 'k2', payload: { n: 2 } },
  ]);
  expect(await send({ doc: 'a', n: 2 }, { 'idempotency-key': 'k2' })).toBe(id);
  const found = await stack.request<{ tasks: { task_id: string }[] }>('GET', '/api/tasks?q=k2');
  expect(found.body.tasks.map(({ task_id }) => task_id)).toEqual([id]);
  // Erasing the task erases what its events have left.
  await until(
    'it is settled',
    async () => (await stack.request('DELETE', `/api/tasks/${id}`)).status === 204,
  );
  expect(await send({ doc: 'a', n: 2 }, { 'idempotency-key': 'k2' })).not.toBe(id);
});

test('the filter comes first, and each event must match the input_schema', async () => {
  const { post } = await agentWith(
    {},
    { filter: 'payload.n > 0', input_schema: { required: ['text'] }, name: 'Strict' },
  );
  const id = (await post({ doc: 'a', n: 1, text: 'x' })).body.task_id;
  expect((await post({ doc: 'a', n: 0 })).body).toMatchObject({ filtered: true, task_id: null });
  expect((await post({ doc: 'a', n: 2 })).status).toBe(422);
  expect((await post({ doc: 'a', n: 3, text: 'y' })).body.task_id).toBe(id);
  await stack.poll(id);
  expect(payloads(await trace(id))).toEqual([
    { doc: 'a', n: 1, text: 'x' },
    { doc: 'a', n: 3, text: 'y' },
  ]);
});

test('a key that renders to nothing or not at all lets the event run alone', async () => {
  const { send } = await agentWith({ key: '{% for n in (1..payload.to) %}x{% endfor %}' });
  const broken = await send({ to: 1_000_000_000 });
  const alone = await send({ to: 0 });
  const [one, two] = await Promise.all([stack.poll(broken), stack.poll(alone)]);
  expect([one.status, two.status]).toEqual(['SUCCESS', 'SUCCESS']);
  expect(await trace(broken)).toMatchObject({ burst_error: expect.stringMatching(/^key: /) });
  expect((await trace(alone)).events).toBeUndefined();
});

test('bursts of a busy conversation wait for their turn', async () => {
  const { send } = await agentWith(
    { keep: 'all' },
    { conversation: { key: '{{ payload.doc }}' }, input_template: '{{ payload | json | raw }}' },
  );
  model.respond({ delay_ms: 3_000, text: 'one' });
  const first = await send({ doc: 'c', n: 1 });
  await until('it runs', () => model.requests.length === 1);
  const second = await send({ doc: 'c', n: 2 });
  expect(await send({ doc: 'c', n: 3 })).toBe(second);
  await sleep(1_500);
  expect((await stack.status(second)).body.status).toBe('PENDING');
  // Its window is over, so this is a third run.
  const third = await send({ doc: 'c', n: 4 });
  expect(third).not.toBe(second);
  const ended = await Promise.all([first, second, third].map((id) => stack.poll(id)));
  expect(ended.map(({ status }) => status)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS']);
  expect(
    messagesOf(2)
      .filter(({ role }) => role === 'user')
      .map(({ content }) => content),
  ).toEqual([
    '{"events":[{"doc":"c","n":1}]}',
    '{"events":[{"doc":"c","n":2},{"doc":"c","n":3}]}',
    '{"events":[{"doc":"c","n":4}]}',
  ]);
  expect(ended[1]?.conversation_id).toBe(ended[0]?.conversation_id);
});

test('a newer burst supersedes a run of its conversation', async () => {
  const { send } = await agentWith(
    {},
    { conversation: { key: '{{ payload.doc }}', when_busy: 'supersede' } },
  );
  model.respond({ hang: true });
  const first = await send({ doc: 's', n: 1 });
  await until('it runs', () => model.requests.length === 1);
  const second = await send({ doc: 's', n: 2 });
  expect(await send({ doc: 's', n: 3 })).toBe(second);
  expect((await stack.poll(first)).result.error.code).toBe('superseded');
  expect((await stack.poll(second)).status).toBe('SUCCESS');
});

test('events beyond the size of one payload begin another run', async () => {
  const { send } = await agentWith({ keep: 'all', window_seconds: 2 });
  const filler = 'x'.repeat(600_000);
  const first = await send({ doc: 'big', filler });
  const second = await send({ doc: 'big', filler });
  expect(second).not.toBe(first);
  for (const id of [first, second]) expect((await stack.poll(id)).status).toBe('SUCCESS');
});

test.each([
  [{ window_seconds: 0 }, '/burst/window_seconds'],
  [{ window_seconds: 31_536_000 }, '/burst/window_seconds'],
  [{ max_wait_seconds: 31_536_000 }, '/burst/max_wait_seconds'],
  [{ window_seconds: 5, max_wait_seconds: 4.9 }, '/burst/max_wait_seconds'],
  [{ max_items: 0 }, '/burst/max_items'],
  [{ keep: 'some' }, '/burst/keep'],
  [{ key: '{{ payload.' }, '/burst/key'],
])('the settings %j are refused with the place and the bound', async (burst, path) => {
  const refused = await stack.request<{ errors: { path: string; message: string }[] }>(
    'POST',
    '/api/agents',
    {
      name: 'Bad',
      burst: { key: 'k', window_seconds: 1, ...burst },
    },
  );
  expect(refused.status).toBeGreaterThanOrEqual(400);
  expect(refused.status).toBeLessThan(500);
  expect(refused.body.errors.map((error) => error.path)).toContain(path);
});

test('the default of max_wait_seconds is ten windows', async () => {
  const { burst } = await stack.createAgent({ name: 'Defaults', burst: { key: 'k', window_seconds: 2 } });
  expect(burst).toEqual({
    key: 'k',
    window_seconds: 2,
    max_wait_seconds: 20,
    keep: 'latest',
    max_items: 100,
  });
});
