import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import {
  type ManagedProcess,
  type ModelServer,
  type Stack,
  startOpenAiServer,
  startStack,
  until,
} from '../index.js';

let stack: Stack | undefined;
let model: ModelServer | undefined;

afterEach(async () => {
  await stack?.stop();
  await model?.close();
  stack = model = undefined;
});

async function start(fields: Record<string, unknown>) {
  const provider = await startOpenAiServer();
  model = provider;
  const on = await startStack({ env: { OPENAI_BASE_URL: provider.url, TASK_LOCK_SECONDS: '2' } });
  stack = on;
  const { id } = await on.createAgent({
    name: 'Killed',
    model: 'compatible:test-model',
    input_template: '{{ payload | json | raw }}',
    ...fields,
  });
  const { token } = await on.mintWebhook(id);
  const send = async (payload: unknown) => (await on.trigger(token, payload)).body.task_id;
  return { on, provider, id, send };
}

const lastWords = ({ body }: { body: { messages: { content: string }[] } }) =>
  JSON.parse(body.messages.at(-1)?.content ?? 'null') as { n: number };

test('a queue keeps its order when workers are killed in the middle of it', async () => {
  const { on, provider, id, send } = await start({ conversation: { key: '{{ payload.chat }}' } });
  const ids: string[] = [];
  for (let n = 0; n < 12; n++) ids.push(await send({ chat: 'k', n }));
  for (let kill = 0; kill < 2; kill++) {
    provider.respond({ hang: true });
    const before = provider.requests.length;
    await until('a run hangs', () => provider.requests.length > before, { timeoutMs: 40_000 });
    await sleep(50);
    provider.forget();
    (on.workers.at(-1) as ManagedProcess).signal('SIGKILL');
    await on.startWorker();
  }
  const ended = [];
  for (const task of ids) ended.push(await on.poll(task, { timeoutMs: 60_000 }));
  expect(ended.map(({ status }) => status)).toEqual(ids.map(() => 'SUCCESS'));
  // Only the killed runs were repeated, each in its place.
  const order = provider.requests.map(lastWords).map(({ n }) => n);
  expect([...new Set(order)]).toEqual(ids.map((_, n) => n));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  for (const [n, task] of ended.slice(1).entries())
    expect(String(task.started_at) >= String(ended[n]?.finished_at)).toBe(true);
  const { conversations } = (
    await on.request<{ conversations: { id: string; open_tasks: number }[] }>(
      'GET',
      `/api/conversations?agent_id=${id}`,
    )
  ).body;
  expect(conversations).toMatchObject([{ open_tasks: 0 }]);
  const { turns } = (
    await on.request<{ turns: { task_id: string }[] }>('GET', `/api/conversations/${conversations[0]?.id}`)
  ).body;
  expect(turns.map(({ task_id }) => task_id)).toEqual(ids);
});

test('a burst loses no event when every process is killed during its window and its run', async () => {
  const { on, provider, send } = await start({
    burst: { key: '{{ payload.chat }}', window_seconds: 4, keep: 'all' },
  });
  const ids = [await send({ chat: 'k', n: 0 }), await send({ chat: 'k', n: 1 })];
  (on.workers[0] as ManagedProcess).signal('SIGKILL');
  on.apis[0]?.signal('SIGKILL');
  const api = await on.startApi();
  await on.startWorker();
  expect(new Set(ids).size).toBe(1);
  provider.respond({ hang: true });
  const state = async () =>
    (await (await fetch(`${api.url}/api/task_status?task_id=${ids[0]}`)).json()) as {
      status: string;
      result: unknown;
    };
  await until('its run hangs', () => provider.requests.length === 1, { timeoutMs: 30_000 });
  (on.workers.at(-1) as ManagedProcess).signal('SIGKILL');
  provider.forget();
  await on.startWorker();
  await until('it ends', async () => (await state()).status === 'SUCCESS', { timeoutMs: 60_000 });
  for (const { body } of provider.requests)
    expect(JSON.parse(body.messages.at(-1).content)).toEqual({
      events: [
        { chat: 'k', n: 0 },
        { chat: 'k', n: 1 },
      ],
    });
  expect(provider.requests).toHaveLength(2);
});
