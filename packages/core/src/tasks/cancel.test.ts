import { sumTokens, type TaskFailure } from '@agenthook/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Queue, Worker } from 'bullmq';
import { testContext } from '../../test/context.js';
import { takeJob } from '../../test/take-job.js';
import type { Context } from '../context.js';
import { attemptError, bareFailure } from '../queue/failure.js';
import type { TaskData } from '../queue/job.js';
import { createTaskId } from '../queue/task-id.js';
import { workerOptions } from '../queue/worker-options.js';
import { keys, TASK_QUEUE } from '../redis/keys.js';
import { cancelTask } from './cancel.js';
import { cancelledBy } from './cancel-mark.js';
import { taskStatus } from './status.js';
import { openTaskLog } from './task-log.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let queue: Queue<TaskData>;
let worker: Worker<TaskData>;

const data: TaskData = { agent_id: 'agt_1', agent_version: 1, payload: {}, headers: {} };
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

const add = async (options: Record<string, unknown> = {}): Promise<string> =>
  (await queue.add('run', data, { jobId: createTaskId('agt_1'), attempts: 3, ...options })).id ?? '';

const take = () => takeJob(ctx, worker);

/** Where a task that no worker holds may be, its status there, and its attempt at the end. */
const LOOSE: [string, 'PENDING' | 'STARTED', number, () => Promise<string>][] = [
  ['waits', 'PENDING', 0, () => add()],
  ['waits behind others', 'PENDING', 0, async () => ((await add()) && (await add())) || ''],
  ['waits with a priority', 'PENDING', 0, () => add({ priority: 5 })],
  ['is delayed from the start', 'PENDING', 0, () => add({ delay: 60_000 })],
  [
    'waits for its next attempt',
    'STARTED',
    1,
    async () => {
      const id = await add();
      await (await take()).moveToFailed(attemptError(unavailable, { retryable: true }), 'token');
      return id;
    },
  ],
  [
    'is parked in its first attempt',
    'STARTED',
    1,
    async () => {
      const id = await add();
      await (await take()).moveToDelayed(Date.now() + 60_000, 'token');
      return id;
    },
  ],
  [
    'was handed back on shutdown',
    'STARTED',
    1,
    async () => {
      const id = await add();
      await (await take()).moveToWait('token');
      return id;
    },
  ],
  [
    'lost its worker',
    'STARTED',
    1,
    async () => {
      const id = await add();
      await take();
      await ctx.redis.del(keys.jobLock(0, id));
      return id;
    },
  ],
];

/** All data in Redis about the only job in the queue, without times. Ids are replaced by a fixed name. */
async function stored(id: string) {
  const { timestamp, processedOn, finishedOn, firstStartedOn, ...job } = await ctx.redis.hgetall(
    keys.job(0, id),
  );
  const times = { timestamp, processedOn, finishedOn, firstStartedOn };
  const events = await ctx.redis.xrange(keys.queueEvents(0), '-', '+');
  const names = (await ctx.redis.keys('*')).map((key) => key.replace(id, '<id>'));
  return {
    job,
    times: Object.keys(times).filter((name) => times[name as keyof typeof times] !== undefined),
    end: events.map(([, fields]) => fields).find(([, event]) => event === 'failed'),
    names: names.sort(),
    failed: (await ctx.redis.zscore(keys.failedJobs(0), id)) === finishedOn,
  };
}

describe('cancelTask', () => {
  test('leaves a job as BullMQ itself leaves one that failed for good', async () => {
    const id = createTaskId('agt_1');
    await add({ jobId: id });
    await take();
    await ctx.redis.del(keys.jobLock(0, id));
    const { result } = await cancelTask(ctx, id);
    const cancelled = await stored(id);
    await ctx.redis.flushdb();
    await add({ jobId: id });
    const failure = attemptError(result as TaskFailure, { retryable: false });
    await (await take()).moveToFailed(failure, 'token');
    const failed = await stored(id);
    // BullMQ also stores an empty stack trace, which nobody reads.
    expect({ ...cancelled, job: { ...cancelled.job, stacktrace: '[]' } }).toEqual(failed);
    expect(failed).toMatchObject({ job: { atm: '1', ats: '1' }, failed: true });
    expect(failed.end).toEqual(['event', 'failed', 'jobId', id, 'prev', 'active']);
  });

  test.each(LOOSE)('ends at once a task that %s', async (_name, status, attempt, reach) => {
    const id = await reach();
    const before = await taskStatus(ctx, id);
    expect(before).toMatchObject({ status });
    const state = await cancelTask(ctx, id);
    expect(state).toMatchObject({
      status: 'FAILURE',
      attempt,
      started_at: before?.started_at,
      finished_at: expect.any(String),
      next_attempt_at: null,
      last_error: null,
      result: {
        error: { code: 'cancelled', message: 'The task was cancelled.' },
        tool_calls: [],
        usage: { ...sumTokens([]), total_tokens: 0, cost_usd: null },
      },
    });
    expect(await taskStatus(ctx, id)).toEqual(state);
    const job = await queue.getJob(id);
    expect(await job?.getState()).toBe('failed');
    expect(await queue.getJobCountByTypes('active')).toBe(0);
    // No worker gets it or moves it.
    for (let other = await worker.getNextJob('token', { block: false }); other; ) {
      expect(other.id).not.toBe(id);
      other = await worker.getNextJob('token', { block: false });
    }
    await expect(cancelTask(ctx, id)).rejects.toMatchObject({ code: 'task_finished' });
    expect(await ctx.redis.exists(keys.cancelling(0))).toBe(0);
    // It is swept like every ended task.
    await queue.clean(-1_000, 10, 'failed');
    expect(await taskStatus(ctx, id)).toBeUndefined();
  });

  test('keeps what the task had come to', async () => {
    const id = await add();
    const job = await take();
    const log = await openTaskLog(ctx, { shard: 0, id, token: 'token', fresh: true });
    const at = new Date().toISOString();
    const tokens = { latency_ms: 5, input_tokens: 7, output_tokens: 3, cost_usd: 0.5 };
    const content = [
      { type: 'text', text: 'Let me look.' },
      { type: 'tool-call', toolCallId: 'a', toolName: 'look', input: { n: 1 } },
    ];
    await log.append(
      { type: 'turn', at, attempt: 1, model: 'm:m', ...tokens, result: { content } },
      { type: 'tool_started', at, attempt: 1, call: '1:a', name: 'look', arguments: { n: 1 } },
      { type: 'tool_finished', at, attempt: 1, call: '1:a', duration_ms: 4, result: [] },
    );
    await job.moveToFailed(attemptError(unavailable, { retryable: true }), 'token');
    expect((await cancelTask(ctx, id)).result).toEqual({
      error: { code: 'cancelled', message: 'The task was cancelled.' },
      answer: 'Let me look.',
      tool_calls: [{ name: 'look', arguments: { n: 1 }, result: [], error: null, duration_ms: 4 }],
      usage: { ...sumTokens([tokens]), total_tokens: 10, cost_usd: 0.5 },
    });
  });

  test('marks a task that a worker holds, and ends it where the worker puts it back', async () => {
    const id = await add();
    const job = await take();
    const cancelling = cancelTask(ctx, id);
    while (!(await cancelledBy(ctx, 0, id))) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await ctx.redis.zrange(keys.cancelling(0), '0', '-1')).toEqual([id]);
    await job.moveToFailed(attemptError(unavailable, { retryable: true }), 'token');
    expect(await cancelling).toMatchObject({ status: 'FAILURE', result: { error: { code: 'cancelled' } } });
    expect(await (await queue.getJob(id))?.getState()).toBe('failed');
    expect(await ctx.redis.exists(keys.cancelling(0))).toBe(0);
  });

  test('does not wait for a worker that hangs', async () => {
    const id = await add();
    await take();
    const before = Date.now();
    expect(await cancelTask(ctx, id)).toMatchObject({ status: 'STARTED', result: null });
    expect(Date.now() - before).toBeLessThan(10_000);
  });

  test('says so when the task ended in another way first', async () => {
    const id = await add();
    const job = await take();
    const cancelling = cancelTask(ctx, id);
    while (!(await cancelledBy(ctx, 0, id))) await new Promise((resolve) => setTimeout(resolve, 5));
    await job.moveToCompleted({ answer: 'yes' } as never, 'token', false);
    await expect(cancelling).rejects.toMatchObject({ code: 'task_finished' });
    expect(await taskStatus(ctx, id)).toMatchObject({ status: 'SUCCESS' });
    await expect(cancelTask(ctx, id)).rejects.toMatchObject({ code: 'task_finished' });
  });

  test.each([createTaskId('agt_1'), 'meta', 'wait', ''])('knows no task %j', async (id) => {
    await add();
    await expect(cancelTask(ctx, id)).rejects.toMatchObject({ code: 'unknown_task' });
    expect(await queue.count()).toBe(1);
  });
});
