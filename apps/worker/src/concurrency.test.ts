import type { RunAgent, TaskState } from '@agenthook/contracts';
import { cancelTask, createAgent, mintWebhook, taskStatus, trigger } from '@agenthook/core';
import { postOf, until } from '@agenthook/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { openTestContext, runAgentWithoutTools } from '../test/context.js';
import type { RunningWorker } from './run-workers.js';
import { buildWorker } from './task-worker.js';

const sandbox = runAgentWithoutTools();
let opened: Awaited<ReturnType<typeof openTestContext>>;
const workers: RunningWorker[] = [];
/** How many runs of each agent are active, the highest number at once, and their order of start. */
const now = new Map<string, number>();
const most = new Map<string, number>();
const order: string[] = [];
const counted: RunAgent = async (input) => {
  const { id } = input.agent;
  order.push(input.task.id);
  now.set(id, (now.get(id) ?? 0) + 1);
  most.set(id, Math.max(most.get(id) ?? 0, now.get(id) ?? 0));
  try {
    return await sandbox(input);
  } finally {
    now.set(id, (now.get(id) ?? 0) - 1);
  }
};

beforeAll(async () => {
  opened = await openTestContext();
});
beforeEach(async () => {
  await opened.ctx.redis.flushdb();
  order.length = 0;
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop(5_000)));
});
afterAll(() => opened?.close(1_000));

const start = (concurrency = 10) => {
  const worker = buildWorker(opened.ctx, counted, concurrency);
  workers.push(worker);
  return worker;
};

async function agentWith(max_concurrency: number | null, rest: object = {}) {
  const limits = { max_concurrency, ...rest };
  const { id } = await createAgent(opened.ctx, { name: 'a', limits }, 'sandbox:echo');
  const { token } = await mintWebhook(opened.ctx, id, 0);
  const fire = async (sandboxed: object): Promise<string> => {
    const body = Buffer.from(JSON.stringify({ sandbox: sandboxed }));
    const outcome = await trigger(opened.ctx, { token, ...postOf(body) });
    if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
    return outcome.task_id;
  };
  return { id, fire };
}
const slow = (latency_ms: number) => ({ steps: [{ latency_ms }], reply: 'done' });
const stateOf = async (id: string) => (await taskStatus(opened.ctx, id)) as TaskState;
const ended = (id: string) =>
  until(
    `${id} ends`,
    async () => {
      const state = await stateOf(id);
      return state.finished_at !== null && state;
    },
    { timeoutMs: 30_000 },
  );
const leftovers = async () =>
  (await opened.ctx.redis.keys('*')).filter((key) => /:(leases|parked|parking)/.test(key));

test('at most max_concurrency tasks run at once, across all workers, and all finish', async () => {
  const { id, fire } = await agentWith(2);
  const ids = await Promise.all(Array.from({ length: 20 }, () => fire(slow(50))));
  for (let n = 0; n < 3; n++) start();
  for (const task of ids) expect(await ended(task)).toMatchObject({ status: 'SUCCESS', attempt: 1 });
  expect(most.get(id)).toBe(2);
  await until('nothing is left', async () => (await leftovers()).length === 0);
});

test('a task that waits for a slot is PENDING, holds no worker, and never goes back', async () => {
  const [limited, other] = [await agentWith(1), await agentWith(null)];
  start(2);
  const first = await limited.fire(slow(1_500));
  await until('the first runs', async () => (await stateOf(first)).status === 'STARTED');
  const parked = [await limited.fire(slow(1)), await limited.fire(slow(1)), await limited.fire(slow(1))];
  const seen: string[] = [];
  const watching = (async () => {
    while (seen.at(-1) !== 'SUCCESS') seen.push((await stateOf(parked[0] ?? '')).status);
  })();
  expect(await ended(await other.fire(slow(1)))).toMatchObject({ status: 'SUCCESS' });
  expect(await stateOf(first)).toMatchObject({ status: 'STARTED' });
  for (const id of parked) {
    expect(await stateOf(id)).toMatchObject({
      status: 'PENDING',
      attempt: 0,
      started_at: null,
      next_attempt_at: null,
    });
  }
  for (const id of parked) expect(await ended(id)).toMatchObject({ status: 'SUCCESS', attempt: 1 });
  await watching;
  const changes = seen.filter((status, n) => status !== seen[n - 1]);
  expect(['PENDING', 'STARTED', 'SUCCESS'].filter((status) => changes.includes(status))).toEqual(changes);
  expect(order.slice(-3)).toEqual(parked);
});

test.each<[string, object, object]>([
  ['fails', { steps: [{ fail: 'auth' }] }, { status: 'FAILURE' }],
  ['is retried', { steps: [{ fail: 'unavailable', fail_times: 1 }], reply: 'r' }, { attempt: 2 }],
])('a run that %s passes its slot on', async (_how, sandboxed, then) => {
  const { fire } = await agentWith(1);
  const ids = [await fire(sandboxed), await fire(slow(1)), await fire(slow(1))];
  start();
  expect(await ended(ids[1] ?? '')).toMatchObject({ status: 'SUCCESS' });
  expect(await ended(ids[2] ?? '')).toMatchObject({ status: 'SUCCESS' });
  expect(await ended(ids[0] ?? '')).toMatchObject(then);
});

test('a cancelled run passes its slot on, and a parked task can be cancelled', async () => {
  const { fire } = await agentWith(1);
  const [first, second, third] = [await fire(slow(60_000)), await fire(slow(1)), await fire(slow(1))];
  start();
  await until('one runs and two are parked', async () => {
    return (await opened.ctx.redis.zcard('{agenthook:0}:tasks:delayed')) === 2;
  });
  expect(await cancelTask(opened.ctx, second)).toMatchObject({
    status: 'FAILURE',
    attempt: 0,
    started_at: null,
  });
  await cancelTask(opened.ctx, first);
  expect(await ended(third)).toMatchObject({ status: 'SUCCESS' });
  expect(order).not.toContain(second);
});

test('a stopping worker hands back its run and its slot', async () => {
  const { id, fire } = await agentWith(1);
  const [first, second] = [await fire(slow(4_000)), await fire(slow(1))];
  const stopping = start();
  await until('it runs', async () => (await stateOf(first)).status === 'STARTED');
  await stopping.stop(100);
  start();
  expect(await ended(first)).toMatchObject({ status: 'SUCCESS' });
  expect(await ended(second)).toMatchObject({ status: 'SUCCESS' });
  expect(most.get(id)).toBe(1);
});
