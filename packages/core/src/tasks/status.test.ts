import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { FlowProducer, type Queue, Worker } from 'bullmq';
import { testContext } from '../../test/context.js';
import { takeJob } from '../../test/take-job.js';
import type { Context } from '../context.js';
import { attemptError, bareFailure } from '../queue/failure.js';
import type { TaskData } from '../queue/job.js';
import { createTaskId } from '../queue/task-id.js';
import { workerOptions } from '../queue/worker-options.js';
import { shardPrefix, TASK_QUEUE } from '../redis/keys.js';
import { taskStatus } from './status.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let queue: Queue<TaskData>;
let worker: Worker<TaskData>;

const data: TaskData = { agent_id: 'agt_1', agent_version: 1, payload: {}, headers: {} };
const result = { answer: 'yes' };
const unavailable = bareFailure('model_unavailable', 'The provider is down.');

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
  queue = ctx.queues[0] as Queue<TaskData>;
  // Without a processor: each test takes jobs and moves them itself, as the worker's loop would.
  worker = new Worker<TaskData>(TASK_QUEUE, null, workerOptions(ctx.redis, 0, 1));
  await worker.waitUntilReady();
});
beforeEach(() => ctx.redis.flushdb());
afterAll(async () => {
  await worker.close();
  await env.close();
});

const add = (options: Record<string, unknown> = {}) =>
  queue.add('run', data, { jobId: createTaskId('agt_1'), attempts: 3, ...options });

const take = () => takeJob(ctx, worker);

/** Each BullMQ state, how a job reaches it, and the status that a caller should get. */
const STATES: [string, string, string, () => Promise<string>][] = [
  ['waiting', 'waiting', 'PENDING', async () => (await add()).id ?? ''],
  ['delayed from the start', 'delayed', 'PENDING', async () => (await add({ delay: 60_000 })).id ?? ''],
  ['prioritized', 'prioritized', 'PENDING', async () => (await add({ priority: 5 })).id ?? ''],
  [
    'waiting for children',
    'waiting-children',
    'PENDING',
    async () => {
      const flow = new FlowProducer({ connection: ctx.redis, prefix: shardPrefix(0) });
      const id = createTaskId('agt_1');
      await flow.add({
        name: 'run',
        queueName: TASK_QUEUE,
        data,
        opts: { jobId: id },
        children: [{ name: 'child', queueName: TASK_QUEUE, data }],
      });
      await flow.close();
      return id;
    },
  ],
  [
    'active',
    'active',
    'STARTED',
    async () => {
      await add();
      return (await take()).id ?? '';
    },
  ],
  [
    'handed back on shutdown',
    'waiting',
    'STARTED',
    async () => {
      await add();
      const job = await take();
      await job.moveToWait('token');
      return job.id ?? '';
    },
  ],
  [
    'waiting for its next attempt',
    'delayed',
    'STARTED',
    async () => {
      await add();
      const job = await take();
      await job.moveToFailed(attemptError(unavailable, { retryable: true, afterMs: 30_000 }), 'token');
      return job.id ?? '';
    },
  ],
  [
    'in its second attempt',
    'active',
    'STARTED',
    async () => {
      await add();
      const job = await take();
      await job.moveToFailed(attemptError(unavailable, { retryable: true, afterMs: 1 }), 'token');
      await job.promote();
      return (await take()).id ?? '';
    },
  ],
  [
    'completed',
    'completed',
    'SUCCESS',
    async () => {
      await add();
      const job = await take();
      await job.moveToCompleted(result, 'token', false);
      return job.id ?? '';
    },
  ],
  [
    'completed after a failed attempt',
    'completed',
    'SUCCESS',
    async () => {
      await add();
      const job = await take();
      await job.moveToFailed(attemptError(unavailable, { retryable: true, afterMs: 1 }), 'token');
      await job.promote();
      await (await take()).moveToCompleted(result, 'token', false);
      return job.id ?? '';
    },
  ],
  [
    'failed',
    'failed',
    'FAILURE',
    async () => {
      await add();
      const job = await take();
      await job.moveToFailed(attemptError(unavailable, { retryable: false }), 'token');
      return job.id ?? '';
    },
  ],
];

describe('taskStatus', () => {
  test.each(STATES)('of a job %s', async (_name, bullState, status, reach) => {
    const id = await reach();
    const job = await queue.getJob(id);
    expect(await job?.getState()).toBe(bullState);
    expect(await taskStatus(ctx, id)).toMatchObject({ task_id: id, status });
  });

  test('of ids that are not tasks is nothing', async () => {
    await add();
    for (const id of [
      createTaskId('agt_1'),
      'meta',
      'wait',
      '',
      '1',
      '../etc',
      `${createTaskId('agt_1')}x`,
    ]) {
      expect(await taskStatus(ctx, id)).toBeUndefined();
    }
  });

  test('tells attempts, times and the last error while it waits to try again', async () => {
    const { id = '' } = await add();
    expect(await taskStatus(ctx, id)).toMatchObject({ attempt: 0, max_attempts: 3, started_at: null });
    const job = await take();
    expect(await taskStatus(ctx, id)).toMatchObject({ attempt: 1, next_attempt_at: null, last_error: null });
    const before = Date.now();
    await job.moveToFailed(attemptError(unavailable, { retryable: true, afterMs: 30_000 }), 'token');
    const waiting = await taskStatus(ctx, id);
    expect(waiting).toMatchObject({
      attempt: 1,
      finished_at: null,
      result: null,
      last_error: unavailable.error,
    });
    const wait = Date.parse(waiting?.next_attempt_at ?? '') - before;
    expect(wait).toBeGreaterThanOrEqual(29_000);
    expect(wait).toBeLessThanOrEqual(34_000);
    await job.promote();
    await take();
    expect(await taskStatus(ctx, id)).toMatchObject({
      attempt: 2,
      next_attempt_at: null,
      last_error: unavailable.error,
    });
  });

  test('ends with the failure that the last attempt left', async () => {
    const { id = '' } = await add();
    await (await take()).moveToFailed(attemptError(unavailable, { retryable: false }), 'token');
    expect(await taskStatus(ctx, id)).toMatchObject({ result: unavailable, attempt: 1, last_error: null });
  });

  test('calls a job whose workers died too often worker_lost', async () => {
    const { id = '' } = await add();
    await (await take()).moveToFailed(new Error('job stalled more than allowable limit'), 'token');
    await queue.getJob(id).then((job) => job?.promote());
    const job = await take();
    job.opts.attempts = 1;
    await job.moveToFailed(new Error('job stalled more than allowable limit'), 'token');
    expect(await taskStatus(ctx, id)).toMatchObject({
      status: 'FAILURE',
      result: { error: { code: 'worker_lost' } },
    });
  });

  test('never quotes an error that is not ours', async () => {
    const { id = '' } = await add({ attempts: 1 });
    await (await take()).moveToFailed(new Error('ENOENT /srv/secret/key.pem'), 'token');
    const state = await taskStatus(ctx, id);
    expect(state).toMatchObject({ status: 'FAILURE', result: { error: { code: 'internal' } } });
    expect(JSON.stringify(state)).not.toContain('secret');
  });
});
