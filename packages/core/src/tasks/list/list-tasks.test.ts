import type { TaskStatusName, TaskSummary } from '@agenthook/contracts';
import { until } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Worker } from 'bullmq';
import { testContext } from '../../../test/context.js';
import { AGENT } from '../../agents/agent-hash.js';
import { sweepIndex } from '../../erasing/sweep.js';
import { attemptError, bareFailure } from '../../queue/failure.js';
import type { TaskData } from '../../queue/job.js';
import { withdrawTask } from '../../queue/withdraw.js';
import { workerOptions } from '../../queue/worker-options.js';
import { keys, TASK_QUEUE } from '../../redis/keys.js';
import { cancelTask } from '../cancel.js';
import { enqueue, offerTask } from '../enqueue.js';
import { startSettling } from '../settle.js';
import { noteStart } from '../start.js';
import { countTasks } from './count-tasks.js';
import type { TaskFilter } from './fits-filter.js';
import { listTasks } from './list-tasks.js';

let opened: Awaited<ReturnType<typeof testContext>>;

beforeAll(async () => {
  opened = await testContext();
});
beforeEach(async () => {
  await opened.ctx.redis.flushdb();
});
afterAll(async () => {
  await opened?.close();
});

const task = (payload: unknown, agent_id = 'agt_a', key?: string) => ({
  data: { agent_id, agent_version: 2, payload, headers: {} },
  trigger: 'webhook' as const,
  key,
  maxAttempts: 1,
  // No caller waits for these, so a slow machine must not make them late.
  redisNow: () => Date.now() + 60_000,
});
const add = (payload: unknown = {}, agentId?: string) => enqueue(opened.ctx, task(payload, agentId));

/**
 * Runs the waiting tasks; the payload says whether a task fails. Returns a function that stops the worker.
 */
function work(): () => Promise<void> {
  const { ctx } = opened;
  const run = async ({ data, id, timestamp }: { data: TaskData; id?: string; timestamp: number }) => {
    await noteStart(ctx, {
      shard: 0,
      id: id ?? '',
      agentId: data.agent_id,
      token: 'token',
      maxConcurrency: 0,
      createdMs: timestamp,
      startedMs: Date.now(),
    });
    if (data.payload === 'fail') throw attemptError(bareFailure('model_auth', 'No.'), { retryable: false });
    return {
      answer: '',
      tool_calls: [],
      sources: [],
      thought: '',
      usage: USAGE,
      model: 'sandbox:echo',
      steps: 1,
    };
  };
  const settler = startSettling(ctx, async () => undefined);
  const worker = new Worker<TaskData>(TASK_QUEUE, run, { ...workerOptions(ctx.redis, 0, 20), autorun: true });
  return async () => {
    await worker.close();
    await settler.stop();
  };
}
const USAGE = { input_tokens: 1, output_tokens: 2, total_tokens: 3, cost_usd: null };

/** All pages, one after another. */
async function walk(filter: TaskFilter, limit: number, between = async () => {}): Promise<TaskSummary[]> {
  const all: TaskSummary[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await listTasks(opened.ctx, filter, { limit, cursor });
    all.push(...page.tasks);
    if (page.next_cursor === null) return all;
    cursor = page.next_cursor;
    await between();
  }
}
const ids = (tasks: TaskSummary[]) => tasks.map(({ task_id }) => task_id);
const list = async (filter: TaskFilter) => ids((await listTasks(opened.ctx, filter, { limit: 100 })).tasks);

test('pages hold every task once, newest first, while others come and those there run', async () => {
  const before = await Promise.all(Array.from({ length: 230 }, (_, n) => add(n % 3 ? {} : 'fail')));
  const stop = work();
  const seen = await walk({}, 20, async () => void (await add()));
  await stop();
  const old = ids(seen).filter((id) => before.includes(id));
  expect(old.sort()).toEqual(before.sort());
  expect(new Set(ids(seen)).size).toBe(seen.length);
  const times = seen.map(({ created_at }) => created_at);
  expect(times).toEqual([...times].sort().reverse());
});

test('tasks are found by agent, status and time', async () => {
  const failing = await add('fail');
  const good = await add();
  const stop = work();
  await until('both ended', async () => (await list({ statuses: ['SUCCESS', 'FAILURE'] })).length === 2);
  await stop();
  const waiting = await add({}, 'agt_b');
  const cancelled = await add({}, 'agt_b');
  await cancelTask(opened.ctx, cancelled);

  const of = (...statuses: TaskStatusName[]) => list({ statuses });
  expect(await of('PENDING')).toEqual([waiting]);
  expect(await of('STARTED')).toEqual([]);
  expect(await of('SUCCESS')).toEqual([good]);
  expect((await of('FAILURE')).sort()).toEqual([failing, cancelled].sort());
  expect((await list({ agentId: 'agt_b' })).sort()).toEqual([waiting, cancelled].sort());
  expect(await list({ agentId: 'agt_b', statuses: ['FAILURE'] })).toEqual([cancelled]);
  expect(await list({ agentId: 'agt_none' })).toEqual([]);

  const made = Number(await opened.ctx.redis.hget(keys.job(0, waiting), 'timestamp'));
  expect(await list({ fromMs: made })).toContain(waiting);
  expect(await list({ toMs: made })).not.toContain(waiting);
  expect(await list({ fromMs: made + 60_000 })).toEqual([]);
});

test('a list says briefly how a task ended', async () => {
  const failing = await add('fail');
  const good = await add();
  const stop = work();
  const told = () => listTasks(opened.ctx, {}, { limit: 10 });
  await until('both are counted', async () =>
    (await told()).tasks.every(({ error_code, model }) => error_code !== null || model !== null),
  );
  await stop();
  const tasks = new Map((await told()).tasks.map((one) => [one.task_id, one]));
  expect(tasks.get(good)).toMatchObject({
    agent_id: 'agt_a',
    agent_version: 2,
    status: 'SUCCESS',
    trigger: 'webhook',
    attempt: 1,
    total_tokens: 3,
    model: 'sandbox:echo',
    error_code: null,
  });
  expect(tasks.get(failing)).toMatchObject({ status: 'FAILURE', error_code: 'model_auth', model: null });
  expect(tasks.get(good)?.duration_ms).toBeGreaterThanOrEqual(0);
});

test('a text finds tasks by the beginning of their id and by their whole idempotency key', async () => {
  const { ctx } = opened;
  const keyed = task({}, 'agt_a', 'order-4711');
  const stored = await offerTask(ctx, keyed, { id: 'hash', bodyHash: 'body' });
  if (stored.outcome !== 'accepted') throw new Error(stored.outcome);
  const other = await add();
  expect(await list({ text: 'order-4711' })).toEqual([stored.task_id]);
  expect(await list({ text: 'order' })).toEqual([]);
  expect(await list({ text: other })).toEqual([other]);
  expect(await list({ text: other.slice(0, 12).toUpperCase() })).toEqual([other]);
  expect(await list({ text: other, agentId: 'agt_b' })).toEqual([]);
  expect(await list({ text: '[a*\u{10ffff}' })).toEqual([]);
  expect((await listTasks(ctx, { text: 'order-4711' }, { limit: 1 })).tasks[0]).toMatchObject({
    idempotency_key: 'order-4711',
  });
});

test('a key that more tasks share than a page has gives the same pages each time', async () => {
  const { ctx } = opened;
  const offers = Array.from({ length: 700 }, (_, n) =>
    offerTask(ctx, task({}, `agt_${n}`, 'shared'), { id: `hash ${n}`, bodyHash: 'body' }),
  );
  const ids = (await Promise.all(offers)).map((one) => ('task_id' in one ? one.task_id : ''));
  const pages = [await walk({ text: 'shared' }, 60), await walk({ text: 'shared' }, 60)];
  const found = pages.map((page) => page.map(({ task_id }) => task_id));
  expect(found[0]).toEqual(found[1]);
  expect([...new Set(found[0])].sort()).toEqual(ids.sort());
});

test('a page goes on behind tasks that have expired', async () => {
  const { ctx } = opened;
  const oldest = await add();
  const expired = await Promise.all(Array.from({ length: 30 }, () => add()));
  await ctx.redis.del(...expired.map((id) => keys.job(0, id)));
  const newest = await add();
  const page = await listTasks(ctx, {}, { limit: 2 });
  expect(page.tasks.map(({ task_id }) => task_id)).toEqual([newest, oldest]);
  expect(page.next_cursor).toBeNull();
});

test('a cursor that is none is refused', async () => {
  for (const cursor of ['x', '', Buffer.from('1.2').toString('base64url')])
    await expect(listTasks(opened.ctx, {}, { limit: 1, cursor })).rejects.toMatchObject({
      code: 'invalid_request',
    });
});

test('a withdrawn task is in no list', async () => {
  const id = await add();
  expect(await withdrawTask(opened.ctx.redis, 0, id)).toBe(true);
  expect(await opened.ctx.redis.keys('*:index:*')).toEqual(['{agenthook:0}:index:scopes']);
});

test('evicted tasks leave lists at once, and the index with the next sweep', async () => {
  const { ctx } = opened;
  const id = await add();
  const kept = await add();
  const stop = work();
  await until('both ended', async () => (await list({ statuses: ['SUCCESS'] })).length === 2);
  await stop();
  await ctx.redis.del(keys.job(0, id));
  expect(await list({})).toEqual([kept]);
  const sweepLater = async () => {
    opened.advance(3_600_001);
    await ctx.redis.del(keys.indexSweep);
    await sweepIndex(ctx, new Map());
    opened.advance(-3_600_001);
  };
  await sweepLater();
  for (const set of [
    keys.taskIndex(0, 'all', 'SUCCESS'),
    keys.taskIndex(0, 'agt_a', 'SUCCESS'),
    keys.indexedIds(0),
  ])
    expect(await ctx.redis.zrange(set, '0', '-1')).toEqual([kept]);
  // No agent with this id exists. The id is removed with its last task, and no sooner.
  expect(await ctx.redis.smembers(keys.indexScopes(0))).toEqual(['agt_a']);
  await ctx.redis.del(keys.job(0, kept));
  await sweepLater();
  expect(await ctx.redis.smembers(keys.indexScopes(0))).toEqual([]);
});

test('a count by an idempotency key reads few tasks with one command', async () => {
  const { ctx } = opened;
  const { redis } = ctx;
  await Promise.all(Array.from({ length: 450 }, () => enqueue(ctx, task({}, 'agt_a', 'again'))));
  const send = redis.sendCommand.bind(redis);
  let longest = 0;
  redis.sendCommand = (command, ...rest) => {
    if (command.name === 'evalsha') longest = Math.max(longest, command.args.length);
    return send(command, ...rest);
  };
  try {
    expect(await countTasks(ctx, { text: 'again' })).toEqual({ count: 450, more: false });
  } finally {
    redis.sendCommand = send;
  }
  expect(longest).toBeLessThan(450);
});

test('a search in texts is bounded by how long they are, not by how well they compress', async () => {
  const payload = 'long '.repeat(200_000);
  for (let n = 0; n < 40; n++) await add(payload);
  const { tasks, next_cursor, searched } = await listTasks(
    opened.ctx,
    { words: ['missing'] },
    { limit: 100 },
  );
  expect(tasks).toEqual([]);
  expect(searched?.tasks).toBeLessThan(40);
  expect(next_cursor).not.toBeNull();
});

test('a title is null where the gate of its agent cannot be read', async () => {
  const { redis } = opened.ctx;
  await redis.hset(keys.agent('agt_a'), AGENT.gate, '{"title_path":');
  await redis.hset(
    keys.agent('agt_b'),
    AGENT.gate,
    '{"status":"active","version":1,"title_path":"payload.t"}',
  );
  await add({ t: 'Of a' }, 'agt_a');
  await add({ t: 'Of b' }, 'agt_b');
  const { tasks } = await listTasks(opened.ctx, {}, { limit: 10, include: ['title'] });
  expect(Object.fromEntries(tasks.map(({ agent_id, title }) => [agent_id, title]))).toEqual({
    agt_a: null,
    agt_b: 'Of b',
  });
});
