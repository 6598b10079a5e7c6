import { afterEach, expect, test } from '@jest/globals';
import { type Stack, startStack, until } from '../index.js';

let stack: Stack | undefined;
afterEach(async () => {
  await stack?.stop();
  stack = undefined;
});

const slow = (latency_ms: number) => ({ sandbox: { steps: [{ latency_ms }], reply: 'done' } });

interface Trace {
  steps: { at: string; latency_ms: number }[];
}

/** When a task ran, from its trace, in ms; times are rounded. */
async function spanOf(on: Stack, taskId: string): Promise<[number, number]> {
  const { steps } = (await on.request<Trace>('GET', `/api/tasks/${taskId}`)).body;
  const [first, last] = [steps[0], steps.at(-1)];
  return [Date.parse(first?.at ?? '') - (first?.latency_ms ?? 0) + 2, Date.parse(last?.at ?? '') - 2];
}

const mostAtOnce = (spans: [number, number][]): number =>
  Math.max(...spans.map(([start]) => spans.filter(([from, to]) => from <= start && start < to).length));

test('three workers run two tasks of an agent at once, and never more', async () => {
  stack = await startStack({ workers: 3 });
  const on = stack;
  const { id } = await on.createAgent({ name: 'Two at once', limits: { max_concurrency: 2 } });
  const { token } = await on.mintWebhook(id);
  const quiet = await on.mintWebhook((await on.createAgent({ name: 'Quiet' })).id);
  const accepted = await Promise.all(Array.from({ length: 40 }, () => on.trigger(token, slow(200))));
  const ids = accepted.map(({ body }) => body.task_id);
  const other = await on.poll((await on.trigger(quiet.token, slow(1))).body.task_id);
  expect(other.status).toBe('SUCCESS');
  const left = await Promise.all(ids.map(async (task) => (await on.status(task)).body.status));
  expect(left.filter((status) => status === 'PENDING').length).toBeGreaterThan(10);
  for (const task of ids)
    expect(await on.poll(task, { timeoutMs: 60_000 })).toMatchObject({ status: 'SUCCESS', attempt: 1 });
  expect(mostAtOnce(await Promise.all(ids.map((task) => spanOf(on, task))))).toBe(2);
});

test('the slot of a killed worker becomes free again', async () => {
  stack = await startStack({ env: { TASK_LOCK_SECONDS: '3' } });
  const on = stack;
  const { id } = await on.createAgent({ name: 'One at a time', limits: { max_concurrency: 1 } });
  const { token } = await on.mintWebhook(id);
  const first = (await on.trigger(token, slow(3_000))).body.task_id;
  await until('it runs', async () => (await on.status(first)).body.status === 'STARTED');
  const rest = await Promise.all(Array.from({ length: 5 }, () => on.trigger(token, slow(10))));
  await on.startWorker();
  on.workers[0]?.signal('SIGKILL');
  for (const task of [first, ...rest.map(({ body }) => body.task_id)])
    expect((await on.poll(task, { timeoutMs: 60_000 })).status).toBe('SUCCESS');
  expect(mostAtOnce(await Promise.all(rest.map(({ body }) => spanOf(on, body.task_id))))).toBe(1);
});
