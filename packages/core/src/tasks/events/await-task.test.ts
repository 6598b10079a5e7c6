import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@agenthook/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Job, type Queue, Worker } from 'bullmq';
import { countCommands, overLossyLink, testContext } from '../../../test/context.js';
import { takeJob } from '../../../test/take-job.js';
import type { Context } from '../../context.js';
import { attemptError, bareFailure } from '../../queue/failure.js';
import type { TaskData } from '../../queue/job.js';
import { createTaskId } from '../../queue/task-id.js';
import { workerOptions } from '../../queue/worker-options.js';
import { keys, TASK_QUEUE } from '../../redis/keys.js';
import { cancelTask } from '../cancel.js';
import { awaitTask } from './await-task.js';
import { createWaiters, type Waiters } from './waiters.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let queue: Queue<TaskData>;
let worker: Worker<TaskData>;
let waiters: Waiters;

const data: TaskData = { agent_id: 'agt_1', agent_version: 1, payload: {}, headers: {} };
const unavailable = bareFailure('model_unavailable', 'The provider is down.');

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
  queue = ctx.queues[0] as Queue<TaskData>;
  worker = new Worker<TaskData>(TASK_QUEUE, null, workerOptions(ctx.redis, 0, 1));
  await worker.waitUntilReady();
});
beforeEach(async () => {
  await ctx.redis.flushdb();
  waiters = createWaiters(ctx);
});
afterEach(() => waiters.close());
afterAll(async () => {
  await worker.close();
  await env.close();
});

const add = async (): Promise<string> =>
  (await queue.add('run', data, { jobId: createTaskId('agt_1'), attempts: 2 })).id ?? '';
const take = () => takeJob(ctx, worker);
const never = new AbortController().signal;
const network = '203.0.113.7';

/** Waits, and returns the state and the time in ms. */
async function timed(taskId: string, ms: number, signal = never) {
  const began = performance.now();
  const state = await awaitTask(ctx, waiters, taskId, { ms, network, signal });
  return { state, ms: performance.now() - began };
}

describe('awaitTask', () => {
  test('answers as soon as the task has ended, whichever way', async () => {
    const ends: [string, (job: Job<TaskData>) => Promise<unknown>][] = [
      ['SUCCESS', (job) => job.moveToCompleted({ answer: 'yes' } as never, 'token', false)],
      ['FAILURE', (job) => job.moveToFailed(attemptError(unavailable, { retryable: false }), 'token')],
      ['FAILURE', (job) => job.moveToWait('token').then(() => cancelTask(ctx, job.id ?? ''))],
    ];
    for (const [status, end] of ends) {
      const id = await add();
      const job = await take();
      const waiting = timed(id, 10_000);
      await sleep(100);
      const ended = performance.now();
      await end(job);
      expect((await waiting).state).toMatchObject({ task_id: id, status });
      expect(performance.now() - ended).toBeLessThan(4_500);
    }
  });

  test('does not take a failed attempt for the end', async () => {
    const id = await add();
    const job = await take();
    const waiting = timed(id, 1_000);
    await sleep(50);
    await job.moveToFailed(attemptError(unavailable, { retryable: true, afterMs: 60_000 }), 'token');
    const { state, ms } = await waiting;
    expect(state).toMatchObject({ status: 'STARTED', last_error: unavailable.error });
    expect(ms).toBeGreaterThanOrEqual(990);
    expect(ms).toBeLessThan(10_000);
  });

  test('does not wait for what has ended, is not there, or is not waited for', async () => {
    const id = await add();
    expect((await timed(id, 0)).state).toMatchObject({ status: 'PENDING' });
    await cancelTask(ctx, id);
    const ended = await timed(id, 10_000);
    expect(ended.state).toMatchObject({ status: 'FAILURE' });
    const unknown = await timed(createTaskId('agt_1'), 10_000);
    expect(unknown.state).toBeUndefined();
    expect((await timed('wait', 10_000)).state).toBeUndefined();
    expect(Math.max(ended.ms, unknown.ms)).toBeLessThan(4_500);
  });

  test('sees every end, also of tasks that end while it begins to listen', async () => {
    for (let n = 0; n < 30; n++) {
      const id = await add();
      const job = await take();
      const waiting = timed(id, 10_000);
      if (n % 3 > 0) await sleep(n % 3);
      await job.moveToCompleted({ answer: 'yes' } as never, 'token', false);
      const { state, ms } = await waiting;
      expect(state).toMatchObject({ status: 'SUCCESS' });
      expect(ms).toBeLessThan(4_500);
    }
  });

  test('lets go of a caller who has gone, and of all when it is closed', async () => {
    const id = await add();
    const gone = new AbortController();
    setTimeout(() => gone.abort(), 100);
    expect((await timed(id, 10_000, gone.signal)).ms).toBeLessThan(4_500);
    const others = Array.from({ length: 3 }, () => timed(id, 10_000));
    await sleep(100);
    waiters.close();
    for (const { state, ms } of await Promise.all(others)) {
      expect(state).toMatchObject({ status: 'PENDING' });
      expect(ms).toBeLessThan(4_500);
    }
    expect((await timed(id, 10_000)).ms).toBeLessThan(4_500);
  });

  test('finds by itself what no event tells', async () => {
    const id = await add();
    const waiting = timed(id, 10_000);
    await sleep(100);
    await ctx.redis.del(keys.job(0, id));
    const { state, ms } = await waiting;
    expect(state).toBeUndefined();
    expect(ms).toBeLessThan(9_500);
  });

  test('goes on listening when its connection is lost', async () => {
    const id = await add();
    const job = await take();
    const waiting = timed(id, 10_000);
    // Other suites listen in other databases of the same server at the same time.
    const ours = new RegExp(` db=${ctx.redis.options.db} .* cmd=xread`);
    const listening = await until('a connection listens', async () => {
      const list = (await ctx.redis.client('LIST')) as string;
      return list.split('\n').find((line) => ours.test(line));
    });
    await ctx.redis.client('KILL', 'ID', /\bid=(\d+)/.exec(listening)?.[1] ?? '');
    await job.moveToCompleted({ answer: 'yes' } as never, 'token', false);
    const { state, ms } = await waiting;
    expect(state).toMatchObject({ status: 'SUCCESS' });
    expect(ms).toBeLessThan(4_500);
  });

  test('reads the end again where the connection that reads it is lost', async () => {
    const id = await add();
    const job = await take();
    const api = await overLossyLink(ctx, 'fail-fast');
    const sent = countCommands(api.ctx.redis);
    const waiting = awaitTask(api.ctx, waiters, id, { ms: 10_000, network, signal: never });
    await until('the first reading is sent', () => sent.size > 0);
    await api.ctx.redis.ping(); // answered after the first read
    const lost = api.loseNextAnswer();
    await job.moveToCompleted({ answer: 'yes' } as never, 'token', false);
    await lost;
    expect(await waiting).toMatchObject({ status: 'SUCCESS' });
    await api.close();
  });

  test('lets one task and one network take a part of the places, and gives them back', async () => {
    const few = createWaiters(ctx, { all: 5, perTask: 2, perNetwork: 3 });
    const [one, two, three, four] = [await add(), await add(), await add(), await add()];
    const wait = (id: string, from: string) => few.add(0, id, from);
    const held = [wait(one, 'a'), wait(one, 'b')];
    expect(held).not.toContain(undefined);
    expect(wait(one, 'c')).toBeUndefined();
    held.push(wait(two, 'a'), wait(three, 'a'));
    expect(held).not.toContain(undefined);
    expect(wait(four, 'a')).toBeUndefined();
    // A caller who may not wait gets the current state.
    const began = performance.now();
    const now = await awaitTask(ctx, few, four, { ms: 60_000, network: 'a', signal: never });
    expect(now).toMatchObject({ task_id: four, status: 'PENDING' });
    expect(performance.now() - began).toBeLessThan(10_000);
    held.push(wait(four, 'b'));
    expect(few.size).toBe(5);
    expect(wait(four, 'c')).toBeUndefined();
    for (const waiter of held) waiter?.release();
    expect(few.size).toBe(0);
    expect([wait(one, 'a'), wait(two, 'a'), wait(three, 'a')]).not.toContain(undefined);
    few.close();
  });
});
