import type { AgentInput } from '@agenthook/contracts';
import { postOf, until } from '@agenthook/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Worker } from 'bullmq';
import { testContext } from '../../test/context.js';
import { createAgent } from '../agents/create-agent.js';
import { deleteAgent } from '../agents/delete-agent.js';
import { getAgent } from '../agents/get-agent.js';
import { listAgents } from '../agents/list-agents.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import type { Context } from '../context.js';
import { trigger } from '../intake/trigger.js';
import { resume, startReleasingHeld } from '../pauses/resume.js';
import { type TaskData, triggerOf } from '../queue/job.js';
import { workerOptions } from '../queue/worker-options.js';
import { keys, TASK_QUEUE } from '../redis/keys.js';
import { cancelTask } from './cancel.js';
import { replayTask } from './replay.js';
import { noteStart } from './start.js';
import { taskStatus } from './status.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let worker: Worker<TaskData>;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(async () => {
  await ctx.redis.flushdb();
  worker = new Worker<TaskData>(TASK_QUEUE, null, workerOptions(ctx.redis, 0, 1));
});
afterEach(() => worker.close());
afterAll(() => env?.close());

async function agentWith(breaker: NonNullable<AgentInput['breaker']> | null, rest: Partial<AgentInput> = {}) {
  const { id } = await createAgent(ctx, { name: 'a', breaker, ...rest }, 'sandbox:echo');
  const { token } = await mintWebhook(ctx, id, 0);
  const post = async (payload: unknown) => {
    const outcome = await trigger(ctx, { token, ...postOf(JSON.stringify(payload)) });
    return 'task_id' in outcome ? outcome.task_id : outcome.outcome;
  };
  return { id, post, paused: async () => (await getAgent(ctx, id)).paused };
}

/** Starts all waiting tasks, as workers would. Returns the ids of those that run. */
async function startAll(): Promise<string[]> {
  const running: string[] = [];
  for (;;) {
    const job = await worker.getNextJob('token', { block: false });
    if (!job) return running;
    const started = await noteStart(ctx, {
      shard: 0,
      id: job.id ?? '',
      agentId: job.data.agent_id,
      token: 'token',
      maxConcurrency: 0,
      createdMs: job.timestamp,
      startedMs: ctx.now(),
      waitsForPause: triggerOf(job) === 'webhook',
    });
    if (started === 'runs') running.push(job.id ?? '');
  }
}
const about = (number: number) => ({ issue: { number } });

test('one run too many about the same thing pauses the agent; its events are kept, and run after the pause', async () => {
  const { id, post, paused } = await agentWith({ key: 'payload.issue.number', max_per_minute: 2 });
  const other = await agentWith(null);
  const first = [await post(about(7)), await post(about(8)), await post(about(7))];
  expect(await paused()).toBeNull();
  expect(await startAll()).toEqual(first);

  const tooMany = await post(about(7));
  expect(await paused()).toEqual({
    at: expect.any(String),
    reason: 'too_many_runs',
    max_per_minute: 2,
    task_id: tooMany,
  });
  expect((await listAgents(ctx, { limit: 10 })).agents.map((agent) => agent.paused?.task_id)).toEqual([
    undefined,
    tooMany,
  ]);
  const waiting = [tooMany, await post(about(9)), await post(about(7))];
  const beside = await other.post({});
  expect(await startAll()).toEqual([beside]);
  expect(await taskStatus(ctx, waiting[1] ?? '')).toMatchObject({ status: 'PENDING', attempt: 0 });

  await resume(ctx, { scope: 'agent', agent_id: id });
  expect(await paused()).toBeNull();
  expect(await startAll()).toEqual(waiting);
  expect(await ctx.redis.exists(keys.held(0, id), keys.holding(0))).toBe(0);
});

test('without a key, all runs count together; without a value for it, a run does not count', async () => {
  const all = await agentWith({ max_per_minute: 1 });
  await all.post(about(1));
  const second = await all.post({});
  expect(await all.paused()).toMatchObject({ task_id: second });
  const keyed = await agentWith({ key: 'payload.issue.number', max_per_minute: 1 });
  for (let n = 0; n < 3; n++) await keyed.post({});
  expect(await keyed.paused()).toBeNull();
});

test('runs are counted by the minute', async () => {
  const { post, paused } = await agentWith({ max_per_minute: 2 });
  await post({});
  await post({});
  const [counter = ''] = await ctx.redis.keys('*:breaker:*');
  expect(await ctx.redis.pttl(counter)).toBeGreaterThan(55_000);
  await ctx.redis.pexpire(counter, 1);
  await until('the minute is over', async () => (await ctx.redis.exists(counter)) === 0);
  await post({});
  expect(await paused()).toBeNull();
});

test('what a person starts runs during the pause; a cancelled task does not run after it', async () => {
  const { id, post } = await agentWith({ max_per_minute: 1 });
  const first = await post({});
  expect(await startAll()).toEqual([first]);
  const [kept, cancelled] = [await post({}), await post({})];
  expect(await startAll()).toEqual([]);
  const { task_id: replay } = await replayTask(ctx, first, { version: 'current' });
  expect(await startAll()).toEqual([replay]);
  await cancelTask(ctx, cancelled);
  await resume(ctx, { scope: 'agent', agent_id: id });
  expect(await startAll()).toEqual([kept]);
});

test('many tasks that waited are called back in their order, in turns with those of others', async () => {
  const { id, post } = await agentWith({ max_per_minute: 1 });
  const other = await agentWith(null);
  await post({});
  expect(await startAll()).toHaveLength(1);
  const all: string[] = [];
  for (let n = 0; n < 600; n++) all.push(await post({}));
  expect(await startAll()).toEqual([]);
  const first = await other.post({});
  await resume(ctx, { scope: 'agent', agent_id: id });
  const second = await other.post({});
  const started = await startAll();
  const own = started.filter((each) => each !== first && each !== second);
  expect(own.toSorted()).toEqual(all.toSorted());
  const created = await Promise.all(own.map((each) => ctx.redis.hget(keys.job(0, each), 'timestamp')));
  expect(created).toEqual(created.toSorted());
  expect(started.indexOf(first)).toBeLessThan(3);
  expect(started.indexOf(second)).toBeLessThan(5);
});

test('tasks that were left behind are called back, also those of an agent that was deleted', async () => {
  const [one, gone] = [await agentWith({ max_per_minute: 1 }), await agentWith({ max_per_minute: 1 })];
  for (const { post } of [one, gone]) {
    await post({});
    expect(await startAll()).toHaveLength(1);
    await post({});
  }
  expect(await startAll()).toEqual([]);
  // As if the process had died before it called the task back.
  await ctx.redis.del(keys.paused(0, one.id));
  await deleteAgent(ctx, gone.id);
  expect(await ctx.redis.exists(keys.paused(0, gone.id))).toBe(0);
  const end = startReleasingHeld(ctx);
  await until('both are called back', async () => (await ctx.redis.exists(keys.holding(0))) === 0);
  end();
  expect(await startAll()).toHaveLength(2);
});

test('an expression for the key that does not compile is refused', async () => {
  await expect(agentWith({ key: 'payload.', max_per_minute: 1 })).rejects.toMatchObject({
    code: 'invalid_filter',
    issues: [{ path: '/breaker/key' }],
  });
});
