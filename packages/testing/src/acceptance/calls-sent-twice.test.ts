import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type HttpServer, type Stack, sendJson, sharedStack, startHttpServer, until } from '../index.js';

let stack: Stack;
let receiver: HttpServer;

beforeAll(async () => {
  stack = await sharedStack();
  receiver = await startHttpServer((_call, response) => sendJson(response, {}));
});
afterAll(async () => {
  await stack?.stop();
  await receiver?.close();
});

const REPLAYED = 'idempotent-replayed';
const AT_ONCE = 5;

interface Made {
  task_id: string;
  code?: string;
}

/** Sends the same call several times at once. */
const sendAll = (path: string, body: object | undefined, key?: string) =>
  Promise.all(
    Array.from({ length: AT_ONCE }, () =>
      stack.request<Made>('POST', path, body, key === undefined ? {} : { 'idempotency-key': key }),
    ),
  );

/** An agent with one task that has ended and been told. */
async function agentWithTask() {
  const { id } = await stack.createAgent({
    name: 'Once',
    callback: { url: receiver.url },
    schedules: [{ id: 'daily', cron: '0 3 1 1 *' }],
  });
  const { token } = await stack.mintWebhook(id);
  const { task_id } = (await stack.trigger(token, { n: 1 })).body;
  await stack.poll(task_id);
  const delivery = () =>
    stack.request<{ callbacks: { status: string; id: string; attempts: unknown[] }[] }>(
      'GET',
      `/api/agents/${id}/callbacks?task_id=${task_id}`,
    );
  const told = () =>
    until('the end is told', async () => {
      const [found] = (await delivery()).body.callbacks;
      return found?.status === 'delivered' && found;
    });
  await told();
  return { id, taskId: task_id, told };
}

test.each([
  ['replay', (_agent: string, task: string) => `/api/tasks/${task}/replay`, { version: 'original' }],
  ['continue', (_agent: string, task: string) => `/api/tasks/${task}/continue`, { note: 'Go on.' }],
  ['run', (agent: string) => `/api/agents/${agent}/schedules/daily/run`, undefined],
])(
  'a %s with an Idempotency-Key that comes several times at once makes one task',
  async (_verb, path, body) => {
    const { id, taskId } = await agentWithTask();
    const to = path(id, taskId);
    const answers = await sendAll(to, body, 'click-1');
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    const [made, ...others] = new Set(answers.map((answer) => answer.body.task_id));
    expect(others).toEqual([]);
    expect(answers.filter(({ headers }) => headers.get(REPLAYED) === 'true')).toHaveLength(AT_ONCE - 1);
    expect((await stack.taskIds(id)).toSorted()).toEqual([taskId, made].toSorted());
    await stack.poll(made ?? '');

    // Later, too; and another key makes another task.
    const later = await stack.request<Made>('POST', to, body, { 'idempotency-key': 'click-1' });
    expect([later.status, later.body.task_id]).toEqual([201, made]);
    const other = await stack.request<Made>('POST', to, body, { 'idempotency-key': 'click-2' });
    expect(other.body.task_id).not.toBe(made);
    expect(other.headers.get(REPLAYED)).toBeNull();
  },
);

test('without a key, each request makes a task', async () => {
  const { id, taskId } = await agentWithTask();
  const answers = await sendAll(`/api/tasks/${taskId}/replay`, {});
  expect(new Set(answers.map(({ body }) => body.task_id)).size).toBe(AT_ONCE);
  expect(await stack.taskIds(id)).toHaveLength(AT_ONCE + 1);
});

test('a key that came with another call is refused, and an event may have the same key', async () => {
  const { id, taskId } = await agentWithTask();
  const key = { 'idempotency-key': 'one-key' };
  const first = await stack.request<Made>('POST', `/api/tasks/${taskId}/replay`, {}, key);
  expect(first.status).toBe(201);
  for (const [path, body] of [
    [`/api/tasks/${taskId}/replay`, { version: 'original' }],
    [`/api/tasks/${first.body.task_id}/replay`, {}],
    [`/api/agents/${id}/schedules/daily/run`, undefined],
  ] as const)
    expect(await stack.request('POST', path, body, key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
  const { token } = await stack.mintWebhook(id);
  const event = await stack.trigger(token, { n: 2 }, key);
  expect(event.status).toBe(200);
  expect(event.body.task_id).not.toBe(first.body.task_id);
  const bad = await stack.request('POST', `/api/tasks/${taskId}/replay`, {}, { 'idempotency-key': 'a b' });
  expect(bad).toMatchObject({ status: 400, body: { code: 'invalid_idempotency_key' } });
});

test('a resend with a key that comes several times starts one round', async () => {
  const { id, told } = await agentWithTask();
  const delivery = await told();
  const path = `/api/agents/${id}/callbacks/${delivery.id}/resend`;
  const attempts = (count: number) =>
    until('the round is over', async () => {
      const found = await told();
      return found.attempts.length >= count && found;
    });
  const answers = await sendAll(path, undefined, 'click-1');
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
  expect(answers.filter(({ headers }) => headers.get(REPLAYED) === 'true')).toHaveLength(AT_ONCE - 1);
  await attempts(2);
  await stack.request('POST', path, undefined, { 'idempotency-key': 'click-2' });
  await attempts(3);
  // An answer that was lost long ago is asked for again.
  const again = await stack.request('POST', path, undefined, { 'idempotency-key': 'click-1' });
  expect([again.status, again.headers.get(REPLAYED)]).toEqual([202, 'true']);
  await stack.request('POST', path, undefined, { 'idempotency-key': 'click-3' });
  expect((await attempts(4)).attempts).toHaveLength(4);
});
