import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Queue } from 'bullmq';
import { countCommands, testContext } from '../../test/context.js';
import type { Context } from '../context.js';
import { ALL_AGENTS, keys, taskPrefix } from '../redis/keys.js';
import { isRedisUnavailable } from '../redis/unavailable.js';
import type { TaskToAdd } from './add-tasks.js';
import { RUN_JOB } from './job.js';
import { createTaskId } from './task-id.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let queue: Queue;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
  queue = ctx.queues[0] as Queue;
});
beforeEach(() => ctx.redis.flushdb());
afterAll(async () => {
  await env?.close();
});

const DATA = { agent_id: 'agt_1', agent_version: 1, payload: { text: 'ä"\\' }, headers: {} };

const newTask = (more: Partial<TaskToAdd> = {}, agent = 'agt_1'): TaskToAdd => ({
  id: createTaskId(agent),
  about: { agent, version: 1, trigger: 'webhook' },
  data: JSON.stringify(DATA),
  options: { attempts: 3, ...queue.defaultJobOptions },
  redisNow: () => Date.now() + 60_000,
  ...more,
});

/** A job's data in Redis, and the queue's keys that contain it. Leaves out times and our own fields. */
async function stored(id: string) {
  const { opts = '', data = '', timestamp, ...job } = await ctx.redis.hgetall(keys.job(0, id));
  const { about: _, jobId: __, ...options } = JSON.parse(opts);
  const names = (await ctx.redis.keys(`${taskPrefix(0)}*`)).map((key) => key.replace(id, '<id>'));
  const ours = names.filter((name) => !/:(events|id|meta)$/.test(name));
  const line = await ctx.redis.zrange(keys.prioritizedJobs(0), '0', '-1', 'WITHSCORES');
  const sinceMs = Date.now() - Number(timestamp);
  const marker = await ctx.redis.zrange(keys.queueMarker(0), '0', '-1', 'WITHSCORES');
  return {
    job,
    options,
    data: JSON.parse(data),
    names: ours.sort(),
    score: line[1],
    marker,
    isNew: sinceMs < 60_000,
  };
}

test('a task is stored as BullMQ would store it', async () => {
  const de = { id: 'key', ttlMs: 60_000 };
  const task = newTask({ idempotency: de });
  const deduplication = { id: de.id, ttl: de.ttlMs };
  const { id: jobId, options } = task;
  await queue.add(RUN_JOB, DATA, { ...options, jobId, priority: 1, deduplication });
  const bullmq = await stored(task.id);
  await ctx.redis.flushdb();
  expect(await ctx.addTask(0, task)).toEqual({ outcome: 'accepted', task_id: task.id });
  expect(await stored(task.id)).toEqual(bullmq);
  expect(bullmq).toMatchObject({ isNew: true, options: { de: deduplication, attempts: 3 } });
});

test('tasks that come together go together, and each has its own answer', async () => {
  await ctx.addTask(0, newTask());
  await ctx.redis.flushdb();
  const commands = countCommands(ctx.redis);

  const key = { id: 'key', bodyHash: 'one', ttlMs: 60_000 };
  const tasks = {
    first: newTask({ maxPending: 2 }),
    keyed: newTask({ idempotency: key }),
    full: newTask({ maxPending: 2 }),
    again: newTask({ idempotency: key, maxPending: 2 }),
    reused: newTask({ idempotency: { ...key, bodyHash: 'two' } }),
    late: newTask({ redisNow: () => Date.now() - 10_000 }),
    other: newTask({ maxPending: 1 }, 'agt_2'),
  };
  const answers = await Promise.allSettled(Object.values(tasks).map((task) => ctx.addTask(0, task)));
  expect(commands).toEqual(new Map([['evalsha', 1]]));

  const { first, keyed, other } = tasks;
  const late = answers.splice(5, 1)[0];
  expect(late?.status === 'rejected' && isRedisUnavailable(late.reason)).toBe(true);
  expect(answers.map((answer) => answer.status === 'fulfilled' && answer.value)).toEqual([
    { outcome: 'accepted', task_id: first.id },
    { outcome: 'accepted', task_id: keyed.id },
    { outcome: 'rejected', code: 'too_many_pending' },
    { outcome: 'duplicate', task_id: keyed.id },
    { outcome: 'rejected', code: 'idempotency_key_reused' },
    { outcome: 'accepted', task_id: other.id },
  ]);
  // The other agent's task does not wait behind the first agent's second one.
  const line = await ctx.redis.zrange(keys.prioritizedJobs(0), '0', '-1');
  expect(line).toEqual([first.id, other.id, keyed.id]);
  const pending = (scope: string) => ctx.redis.zrange(keys.taskIndex(0, scope, 'PENDING'), '0', '-1');
  expect((await pending(ALL_AGENTS)).sort()).toEqual([first.id, keyed.id, other.id].sort());
  expect(await pending('agt_2')).toEqual([other.id]);
  expect(await ctx.redis.hget(keys.totals(0), 'triggered')).toBe('3');
});
