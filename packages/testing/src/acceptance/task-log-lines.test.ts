import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type ManagedProcess, type Stack, startStack, until } from '../index.js';

jest.setTimeout(120_000);

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: { TASK_LOCK_SECONDS: '2' } });
});
afterAll(async () => stack?.stop());

interface Line {
  msg: string;
  task_id?: string;
  agent_id?: string;
  attempt?: number;
  ms?: number;
  [field: string]: unknown;
}

/** The workers' log lines about a task, in order. */
const linesOf = (taskId: string): Line[] =>
  stack.workers
    .flatMap((worker: ManagedProcess) => worker.log().trim().split('\n'))
    .flatMap((text) => (text.startsWith('{') ? [JSON.parse(text) as Line] : []))
    .filter(({ task_id }) => task_id === taskId);

/** Runs a task and returns its agent, its id, and its lines once there are so many. */
async function linesOfRun(payload: object, limits: object, many: number) {
  const agent = await stack.createAgent({ name: 'a', limits });
  const { token } = await stack.mintWebhook(agent.id);
  const { task_id } = (await stack.trigger(token, payload)).body;
  await stack.poll(task_id, { timeoutMs: 60_000 });
  const lines = await until('its lines', () => linesOf(task_id).length >= many && linesOf(task_id));
  for (const line of lines) {
    expect(line).toMatchObject({ agent_id: agent.id, attempt: expect.any(Number), ms: expect.any(Number) });
  }
  return lines.map(({ msg, attempt, code, retry, reason }) => ({ msg, attempt, code, retry, reason }));
}

test('a success is a start and an end', async () => {
  expect(await linesOfRun({ sandbox: { reply: 'done' } }, {}, 2)).toMatchObject([
    { msg: 'attempt started', attempt: 1 },
    { msg: 'task succeeded', attempt: 1 },
  ]);
});

test('only a failure that is retried says so', async () => {
  const payload = { sandbox: { steps: [{ fail: 'unavailable' }] } };
  expect(await linesOfRun(payload, { max_attempts: 2 }, 4)).toMatchObject([
    { msg: 'attempt started', attempt: 1 },
    { msg: 'attempt failed', attempt: 1, code: 'model_unavailable', retry: true },
    { msg: 'attempt started', attempt: 2 },
    { msg: 'task failed', attempt: 2, code: 'model_unavailable', retry: false },
  ]);
  expect(await linesOfRun({ sandbox: { steps: [{ fail: 'auth' }] } }, { max_attempts: 3 }, 2)).toMatchObject([
    { msg: 'attempt started' },
    { msg: 'task failed', attempt: 1, code: 'model_auth', retry: false },
  ]);
});

test('a task that waits for a place of its agent is parked, with the reason', async () => {
  const { id } = await stack.createAgent({ name: 'narrow', limits: { max_concurrency: 1 } });
  const { token } = await stack.mintWebhook(id);
  const send = async (latency_ms: number) =>
    (await stack.trigger(token, { sandbox: { steps: [{ latency_ms }], reply: 'done' } })).body.task_id;
  const first = await send(1_500);
  await until('it runs', async () => (await stack.status(first)).body.status === 'STARTED');
  const second = await send(0);
  await stack.poll(second, { timeoutMs: 30_000 });
  await until('its end', () => linesOf(second).some(({ msg }) => msg === 'task succeeded'));
  expect(linesOf(second).map(({ msg, reason }) => [msg, reason])).toEqual([
    ['task parked', 'max_concurrency'],
    ['attempt started', undefined],
    ['task succeeded', undefined],
  ]);
});

test('a task that lost its worker is in the queue again, and no line promises more', async () => {
  const { token } = await stack.mintWebhook((await stack.createAgent({ name: 'long' })).id);
  const payload = { sandbox: { steps: [{ latency_ms: 4_000 }], reply: 'done' } };
  const { task_id } = (await stack.trigger(token, payload)).body;
  const [lost] = stack.workers as [ManagedProcess];
  await until('it runs', () => linesOf(task_id).length > 0);
  const other = stack.startWorker();
  lost.signal('SIGKILL');
  await other;
  await stack.poll(task_id, { timeoutMs: 60_000 });
  await until('its end', () => linesOf(task_id).some(({ msg }) => msg === 'task succeeded'));
  expect(linesOf(task_id).map(({ msg }) => msg)).toEqual([
    'attempt started',
    'its worker died or lost the lock; the task is in the queue again',
    'attempt started',
    'task succeeded',
  ]);
});
