import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Job, type Queue, Worker } from 'bullmq';
import { testContext } from '../../test/context.js';
import type { Context } from '../context.js';
import { eraseTask } from '../erasing/erase.js';
import { createLogger } from '../log.js';
import { connectRedis, type RedisClient } from '../redis/connect.js';
import { keys, TASK_QUEUE, taskPrefix } from '../redis/keys.js';
import { attemptError, bareFailure } from './failure.js';
import { RUN_JOB, type TaskData } from './job.js';
import { openQueues } from './open-queues.js';
import { createTaskId } from './task-id.js';
import { withdrawTask } from './withdraw.js';
import { workerOptions } from './worker-options.js';

/** A task queue, and a worker that takes jobs from it. */
interface Side {
  redis: RedisClient;
  queue: Queue<TaskData>;
  worker: Worker<TaskData>;
}

const id = createTaskId('agt_1');
const DATA: TaskData = { agent_id: 'agt_1', agent_version: 1, payload: {}, headers: {} };
const about = { agent: 'agt_1', version: 1, trigger: 'webhook' } as const;
let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
/** One with our changes to the scripts, one with plain BullMQ. */
let ours: Side;
let plain: Side;

const sideOf = (redis: RedisClient, queue: Queue<TaskData>): Side => ({
  redis,
  queue,
  worker: new Worker<TaskData>(TASK_QUEUE, null, workerOptions(redis, 0, 1)),
});

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
  ours = sideOf(ctx.redis, ctx.queues[0] as Queue<TaskData>);
  const { db, port } = ctx.redis.options;
  const log = createLogger('test', 'silent');
  const redis = await connectRedis(`redis://127.0.0.1:${port}/${db}`, 'patient', log);
  const [queue] = openQueues(redis, log, { shards: 1 });
  plain = sideOf(redis, queue as Queue<TaskData>);
  for (const { queue: each, worker } of [ours, plain])
    await Promise.all([each.waitUntilReady(), worker.waitUntilReady()]);
});
afterAll(async () => {
  for (const side of [ours, plain]) await side?.worker.close();
  await plain?.queue.close();
  plain?.redis.disconnect();
  await env?.close();
});

/** Adds one task as BullMQ does, with the fields that our index reads. */
async function add({ redis, queue }: Side): Promise<Job<TaskData>> {
  const deduplication = { id: 'key', ttl: 60_000 };
  const job = await queue.add(RUN_JOB, DATA, { jobId: id, priority: 1, attempts: 2, deduplication });
  const opts = JSON.parse((await redis.hget(keys.job(0, id), 'opts')) ?? '{}') as object;
  await redis.hset(keys.job(0, id), 'opts', JSON.stringify({ ...opts, about }));
  return job;
}

/** Adds one task and lets the worker take it. */
async function take(side: Side): Promise<Job<TaskData>> {
  await add(side);
  const job = await side.worker.getNextJob('token', { block: false });
  return job as Job<TaskData>;
}

/**
 * The content of all the queue's keys after `act` on an empty database. Replaces times, which differ, with
 * one word.
 */
async function after(side: Side, act: (side: Side) => Promise<unknown>) {
  const { redis } = side;
  await redis.flushdb();
  await act(side);
  const names = (await redis.keys(`${taskPrefix(0)}*`)).sort();
  const held = await Promise.all(names.map(async (name) => [name, await contentOf(redis, name)] as const));
  return JSON.parse(JSON.stringify(Object.fromEntries(held)).replace(/\b1\d{12}\b/g, '<ms>')) as Record<
    string,
    unknown
  >;
}

async function contentOf(redis: RedisClient, name: string): Promise<unknown> {
  switch (await redis.type(name)) {
    case 'hash':
      return await redis.hgetall(name);
    case 'zset':
      return await redis.zrange(name, '0', '-1', 'WITHSCORES');
    case 'list':
      return await redis.lrange(name, 0, -1);
    case 'set':
      return (await redis.smembers(name)).sort();
    case 'stream':
      return (await redis.xrange(name, '-', '+')).map(([, fields]) => fields);
    default:
      return [await redis.get(name), (await redis.pttl(name)) > 0];
  }
}

/** The events of a queue without certain fields. */
const eventsWithout = (events: unknown, left: RegExp) =>
  (events as string[][]).map((fields) => fields.filter((_, n) => !left.test(fields[n - (n % 2)] ?? '')));

const failure = attemptError(bareFailure('model_auth', 'The provider refused the key.'), {
  retryable: false,
});

test.each<[string, (queue: Queue<TaskData>) => Promise<unknown>]>([
  ['an empty queue', async () => {}],
  ['a paused queue', (queue) => queue.pause()],
  ['a queue that runs as many as it may', (queue) => queue.setGlobalConcurrency(0)],
])('tasks that are added to %s are what BullMQ adds, without the events', async (_name, prepare) => {
  const ids = [createTaskId('agt_1'), createTaskId('agt_1')] as const;
  const options = { ...ours.queue.defaultJobOptions, attempts: 2 };
  const found = await after(ours, async ({ queue, redis }) => {
    await prepare(queue);
    await redis.del(keys.queueEvents(0)); // the event of pausing
    const data = JSON.stringify(DATA);
    const redisNow = () => Date.now() + 60_000;
    for (const each of ids) await ctx.addTask(0, { id: each, about, data, options, redisNow });
  });
  const expected = await after(plain, async ({ queue }) => {
    await prepare(queue);
    // The second task waits behind its agent's first.
    for (const [n, jobId] of ids.entries())
      await queue.add(RUN_JOB, DATA, { ...options, jobId, priority: n + 1 });
  });
  for (const each of ids) {
    const [mine, theirs] = [found, expected].map((all) => all[keys.job(0, each)] as Record<string, string>);
    const { about: said, ...opts } = JSON.parse(mine?.opts ?? '{}');
    const { jobId, ...known } = JSON.parse(theirs?.opts ?? '{}');
    expect([said, opts, jobId]).toEqual([about, known, each]);
    Object.assign(mine ?? {}, { opts: theirs?.opts });
  }
  // BullMQ's counter is for jobs without their own id, and the length in `meta` is for its events.
  const {
    [keys.queueEvents(0)]: _,
    [`${taskPrefix(0)}id`]: __,
    [keys.queueMeta(0)]: meta,
    ...rest
  } = expected;
  const { 'opts.maxLenEvents': ___, ...settings } = meta as Record<string, string>;
  expect(found).toEqual({ ...rest, ...(Object.keys(settings)[0] && { [keys.queueMeta(0)]: settings }) });
});

test.each<[string, (job: Job<TaskData>) => Promise<unknown>]>([
  ['succeeds', (job) => job.moveToCompleted({ answer: 'yes' } as never, 'token', false)],
  ['fails for good', (job) => job.moveToFailed(failure, 'token')],
])('a task that %s leaves what BullMQ leaves, except for its result in the events', async (_name, end) => {
  const run = async (side: Side) => end(await take(side));
  const [found, expected] = [await after(ours, run), await after(plain, run)];
  const events = keys.queueEvents(0);
  expect(found).toEqual({
    ...expected,
    [events]: eventsWithout(expected[events], /^(returnvalue|failedReason)$/),
  });
  expect(JSON.stringify(expected[events])).toMatch(/"returnvalue"|"failedReason"/);
  expect(found[keys.job(0, id)]).toMatchObject({ finishedOn: '<ms>', atm: '1' });
});

test('a task that is handed back leaves what BullMQ leaves, and a marker that wakes a worker', async () => {
  const run = async (side: Side) => {
    const job = await take(side);
    await side.redis.del(keys.queueMarker(0)); // a blocking worker has removed it
    await job.moveToWait('token');
  };
  const [found, expected] = [await after(ours, run), await after(plain, run)];
  expect(found).toEqual({ ...expected, [keys.queueMarker(0)]: ['0', '0'] });
  expect(expected).not.toHaveProperty([keys.queueMarker(0)]);
});

test('a task that is withdrawn leaves what is left of a job that BullMQ removes', async () => {
  const found = await after(ours, async (side) => {
    await add(side);
    expect(await withdrawTask(side.redis, 0, id)).toBe(true);
  });
  expect(found).toEqual(await after(plain, async (side) => (await add(side)).remove()));
  expect(Object.keys(found).some((name) => name.includes(id))).toBe(false);
});

test('a task that is erased leaves what is left of a job that BullMQ removes, without the event', async () => {
  const end = async (side: Side) =>
    (await take(side)).moveToCompleted({ answer: 'yes' } as never, 'token', false);
  const found = await after(ours, async (side) => {
    await end(side);
    await eraseTask(ctx, id);
  });
  const expected = await after(plain, async (side) => {
    await end(side);
    await (await side.queue.getJob(id))?.remove();
  });
  const events = keys.queueEvents(0);
  const others = (expected[events] as string[][]).filter(([, event]) => event !== 'removed');
  expect(found).toEqual({ ...expected, [events]: eventsWithout(others, /^returnvalue$/) });
  expect(Object.keys(found).some((name) => name.includes(id))).toBe(false);
});
