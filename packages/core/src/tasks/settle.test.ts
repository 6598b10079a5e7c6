import { until } from '@agenthook/testing';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Worker } from 'bullmq';
import { testContext } from '../../test/context.js';
import type { EndedTask } from '../queue/ended-task.js';
import { attemptError, bareFailure } from '../queue/failure.js';
import { hourOf } from '../queue/hour.js';
import type { TaskData } from '../queue/job.js';
import { workerOptions } from '../queue/worker-options.js';
import { keys, TASK_QUEUE } from '../redis/keys.js';
import { cancelTask } from './cancel.js';
import { enqueue } from './enqueue.js';
import { type Settler, startSettling } from './settle.js';

let opened: Awaited<ReturnType<typeof testContext>>;
let worker: Worker<TaskData> | undefined;
const settlers: Settler[] = [];

beforeEach(async () => {
  opened = await testContext();
});
afterEach(async () => {
  await Promise.all(settlers.splice(0).map((settler) => settler.stop()));
  await worker?.close();
  worker = undefined;
  await opened?.close();
});

const add = (agent_id = 'agt_a') =>
  enqueue(opened.ctx, {
    data: { agent_id, agent_version: 1, payload: { n: 1 }, headers: {} },
    trigger: 'webhook',
    maxAttempts: 1,
    // No caller waits for these, so a slow machine must not make them late.
    redisNow: () => Date.now() + 60_000,
  });

const succeed = async () => ({
  answer: 'yes',
  tool_calls: [],
  sources: [],
  thought: '',
  usage: { input_tokens: 3, output_tokens: 4, total_tokens: 7, cost_usd: 0.25 },
  model: 'sandbox:echo',
  steps: 1,
});

/** Starts a settler, and records the ends that it delivers, in order. */
function settle(onEnd: (ended: EndedTask) => Promise<void> = async () => undefined) {
  const told: EndedTask[] = [];
  const settler = startSettling(opened.ctx, async (_ctx, ended) => {
    told.push(ended);
    await onEnd(ended);
  });
  settlers.push(settler);
  return { told, settler };
}

function work(run: () => Promise<unknown>): void {
  const { ctx } = opened;
  worker = new Worker<TaskData>(TASK_QUEUE, run, { ...workerOptions(ctx.redis, 0, 10), autorun: true });
}

const left = () => opened.ctx.redis.zcard(keys.ended(0));
const counted = () => opened.ctx.redis.hgetall(keys.stats(0, 'agt_a', hourOf(Date.now())));

test('each end is told once, and counted once, with several processes at it', async () => {
  const ids = await Promise.all(Array.from({ length: 250 }, () => add()));
  const both = [settle(), settle()];
  work(succeed);
  await until('all are told', async () => (await counted()).succeeded === '250');
  expect(both.flatMap(({ told }) => told.map(({ task_id }) => task_id)).sort()).toEqual(ids.sort());
  expect(await counted()).toMatchObject({
    triggered: '250',
    succeeded: '250',
    input_tokens: '750',
    output_tokens: '1000',
    cost_nano: String(250 * 0.25e9),
  });
  expect(await left()).toBe(0);
});

test('an end that could not be told is told again by another process, and counted once', async () => {
  const id = await add();
  const failing = settle(async () => {
    throw new Error('the receiver is away');
  });
  work(succeed);
  await until('it was tried', () => failing.told.length > 0);
  await failing.settler.stop();
  expect(await left()).toBe(1);
  const { told } = settle();
  await until('another delivers it', () => told.length > 0, { timeoutMs: 10_000 });
  await until('it is done', async () => (await left()) === 0);
  expect(told).toMatchObject([{ task_id: id, status: 'SUCCESS', agent_id: 'agt_a', agent_version: 1 }]);
  expect(await counted()).toMatchObject({ triggered: '1', succeeded: '1' });
});

test('failures and cancelled tasks are counted with their code', async () => {
  const waiting = await add();
  await cancelTask(opened.ctx, waiting);
  const { told } = settle();
  await until('the cancelled one is told', () => told.length === 1);
  expect(told[0]).toMatchObject({
    task_id: waiting,
    status: 'FAILURE',
    duration_ms: null,
    summary: { code: 'cancelled' },
  });
  const failing = await add();
  work(async () => {
    throw attemptError(bareFailure('model_auth', 'No.'), { retryable: false });
  });
  await until('the failed one is told', () => told.length === 2);
  expect(told[1]).toMatchObject({ task_id: failing, status: 'FAILURE', summary: { code: 'model_auth' } });
  await until('both are counted', async () => (await counted()).failed === '2');
});
