import { postOf } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Worker } from 'bullmq';
import { countCommands, testContext } from '../../test/context.js';
import { takeJob } from '../../test/take-job.js';
import { createAgent } from '../agents/create-agent.js';
import { deleteAgent } from '../agents/delete-agent.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import type { Context } from '../context.js';
import { claimDelivery, settleDelivery } from '../deliveries/claim-delivery.js';
import { enqueueCallback } from '../deliveries/enqueue-callback.js';
import { trigger } from '../intake/trigger.js';
import { deliveryIdOf } from '../queue/delivery-id.js';
import { LOG_ENTRY_FIELD, type TaskData } from '../queue/job.js';
import { workerOptions } from '../queue/worker-options.js';
import { keys, TASK_QUEUE } from '../redis/keys.js';
import { endAsking } from '../tasks/asking/end-asking.js';
import { parkAsking } from '../tasks/asking/park-asking.js';
import { cancelTask } from '../tasks/cancel.js';
import { packEnded } from '../tasks/ended/pack-ended.js';
import { noteStart } from '../tasks/start.js';
import { taskStatus } from '../tasks/status.js';
import { openTaskLog } from '../tasks/task-log.js';
import { type SweepPlaces, sweepFinished, sweepIndex } from './sweep.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let worker: Worker<TaskData>;
let agentId: string;
let token: string;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
  worker = new Worker<TaskData>(TASK_QUEUE, null, workerOptions(ctx.redis, 0, 1));
  await worker.waitUntilReady();
});
beforeEach(async () => {
  await ctx.redis.flushdb();
  const callback = { url: 'https://example.com/' };
  agentId = (await createAgent(ctx, { name: 'a', callback }, 'sandbox:echo')).id;
  ({ token } = await mintWebhook(ctx, agentId, 0));
});
afterAll(async () => {
  await worker?.close();
  await env?.close();
});

let posted = 0;
/** A task with an idempotency key and a file. */
async function post(): Promise<string> {
  const headers = { 'content-type': 'image/png', 'idempotency-key': `key-${posted++}` };
  const outcome = await trigger(ctx, { token, ...postOf(Buffer.from([0x89, 1, 2]), headers) });
  if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome));
  return outcome.task_id;
}

/** Runs a task to its end, with a journal. */
async function run(): Promise<string> {
  const id = await post();
  const job = await takeJob(ctx, worker);
  const held = job.token ?? '';
  const log = await openTaskLog(ctx, { shard: 0, id, token: held, fresh: true });
  await log.append({ type: 'prompt', at: '', attempt: 1, system: 's', user: 'u' });
  const result = { answer: 'yes', tool_calls: [], usage: {} };
  await job.moveToCompleted(result as never, held, false);
  return id;
}

async function deliver(taskId: string, status: 'delivered' | 'pending'): Promise<void> {
  await enqueueCallback(ctx, { shard: 0, task_id: taskId, agent_id: agentId, status: 'SUCCESS' });
  if (status === 'pending') return;
  const id = deliveryIdOf(taskId);
  await ctx.redis.set(keys.deliveryLock(0, id), 'token');
  const claimed = await claimDelivery(ctx, id, 'token');
  if (!claimed) throw new Error('it is not pending');
  const attempt = { at: '', response_status: 200, error: null, duration_ms: 1, response_excerpt: '' };
  await settleDelivery(ctx, claimed, claimed.url, attempt, { status });
  await ctx.redis.del(keys.deliveryLock(0, id));
}

async function sweep(): Promise<void> {
  await sweepFinished(ctx);
  await ctx.redis.del(keys.indexSweep);
  expect(await sweepIndex(ctx, new Map())).toBe(true);
}

/** Keys that mention a task, or hold something for each. What counts tasks is none of them. */
async function keysOfTasks(): Promise<string[]> {
  const all = await ctx.redis.keys('{agenthook:0}:*');
  return all.filter(
    (key) =>
      !/:(?:stats:|names:|busy:|totals|index:scopes|tasks:(?:events|meta|marker|pc|id)$|callbacks:)/.test(
        key,
      ),
  );
}

test('everything of a task goes with it, however it ended and whether or not its agent is left', async () => {
  const [packed, unpacked, cancelled] = [await run(), await run(), await post()];
  await cancelTask(ctx, cancelled);
  await packEnded(ctx, 0, [packed, cancelled]);
  for (const id of [packed, unpacked, cancelled]) await deliver(id, 'delivered');
  await ctx.redis.del(keys.ended(0));
  await deleteAgent(ctx, agentId);
  const before = await keysOfTasks();
  expect(before.length).toBeGreaterThan(15);

  await sweep();
  expect(await keysOfTasks()).toEqual(before);
  // With another RESULT_TTL_SECONDS, the next sweep removes what is older.
  Object.assign(ctx, { resultTtlSeconds: 60 });
  env.advance(60_001);
  await sweep();
  expect(await keysOfTasks()).toEqual([]);
  expect(await taskStatus(ctx, packed)).toBeUndefined();
  env.advance(-60_001);
  Object.assign(ctx, { resultTtlSeconds: 3_600 });
});

test('a task that is over goes, one that waits stays, and so does a delivery until it has ended', async () => {
  const ended = await run();
  await deliver(ended, 'pending');
  const waits = await post();
  env.advance(3_600_001);
  await sweep();
  env.advance(-3_600_001);
  expect(await taskStatus(ctx, ended)).toBeUndefined();
  expect(await taskStatus(ctx, waits)).toMatchObject({ status: 'PENDING' });
  expect(await ctx.redis.hget(keys.delivery(0, deliveryIdOf(ended)), 'status')).toBe('pending');
});

test('the journal of a task that BullMQ evicted goes with the next sweep', async () => {
  const id = await run();
  await ctx.redis.del(keys.job(0, id));
  await ctx.redis.zrem(keys.completedJobs(0), id);
  expect(await ctx.redis.exists(keys.taskLog(0, id))).toBe(1);
  env.advance(3_600_001);
  await sweep();
  env.advance(-3_600_001);
  expect(await ctx.redis.exists(keys.taskLog(0, id))).toBe(0);
});

test('one process sweeps the index at a time, and idle sweeps cost the same with any number of agents', async () => {
  const agents = Array.from({ length: 2_000 }, (_, n) => `agt_idle_${n}`);
  await ctx.redis.sadd(keys.indexScopes(0), ...agents);
  const finished = await run();
  env.advance(3_600_001);
  const counts = countCommands(ctx.redis);
  const swept = await Promise.all([1, 2, 3].map(() => sweepIndex(ctx, new Map())));
  env.advance(-3_600_001);
  expect(swept.filter(Boolean)).toHaveLength(1);
  // Each agent that no longer exists takes three commands, a part of them in each sweep.
  expect([...counts.values()].reduce((sum, n) => sum + n, 0)).toBeLessThan(600);
  expect(await taskStatus(ctx, finished)).toBeDefined();
});

test('deleted agents leave the list of agents with an index, part by part', async () => {
  const agents = Array.from({ length: 1_000 }, (_, n) => `agt_gone_${n}`);
  await ctx.redis.sadd(keys.indexScopes(0), ...agents);
  await run();
  const places: SweepPlaces = new Map();
  for (let sweeps = 0; sweeps < 20; sweeps++) {
    await ctx.redis.del(keys.indexSweep);
    await sweepIndex(ctx, places);
  }
  expect(await ctx.redis.smembers(keys.indexScopes(0))).toEqual([agentId]);
});

/** A task that a worker holds and that has asked for a decision. */
async function asking() {
  const id = await post();
  const job = await takeJob(ctx, worker);
  const held = { shard: 0, id, token: job.token ?? '' };
  await noteStart(ctx, {
    ...held,
    agentId,
    maxConcurrency: 0,
    createdMs: job.timestamp,
    startedMs: job.timestamp,
  });
  const log = await openTaskLog(ctx, { ...held, agentId, fresh: true });
  await log.append({
    type: 'asked',
    at: '',
    attempt: 1,
    call: 'c1',
    call_id: '1:c1',
    kind: 'approval',
    name: 'refund',
    arguments: {},
    expires_ms: ctx.now() + 60_000,
    approvers: ['admin'],
    on_timeout: 'deny',
    on_deny: 'tell',
  });
  return { id, park: () => parkAsking(ctx, held, ['1:c1']) };
}

test('a task that waits for a decision ends with the next sweep if its agent is gone', async () => {
  // As if a process had died between the two steps of a deletion.
  const { id, park } = await asking();
  await deleteAgent(ctx, agentId);
  // A worker holds it: it may still end by itself.
  await sweep();
  expect(await taskStatus(ctx, id)).toMatchObject({ status: 'STARTED' });
  expect(await park()).toBe('parked');
  await sweep();
  expect(await taskStatus(ctx, id)).toMatchObject({
    status: 'FAILURE',
    result: { error: { code: 'agent_unavailable' } },
  });
  expect(await ctx.redis.zcard(keys.asking(0))).toBe(0);
});

test('a call ends as many waiting tasks as it may, and the next sweep the others', async () => {
  for (let n = 0; n < 3; n++) await (await asking()).park();
  await deleteAgent(ctx, agentId);
  expect(await endAsking(ctx, 0, agentId, 2)).toBe(2);
  expect(await ctx.redis.zcard(keys.asking(0))).toBe(1);
  await sweep();
  expect(await ctx.redis.zcard(keys.asking(0))).toBe(0);
});

test('a waiting task whose journal is damaged keeps none of its deleted agent from its end', async () => {
  const damaged = await asking();
  await damaged.park();
  const sound = await asking();
  await sound.park();
  await ctx.redis.xadd(keys.taskLog(0, damaged.id), '*', LOG_ENTRY_FIELD, '{"type":');
  await deleteAgent(ctx, agentId);
  await sweep();
  expect(await taskStatus(ctx, sound.id)).toMatchObject({ status: 'FAILURE' });
  expect(await ctx.redis.zrange(keys.asking(0), '0', '-1')).toEqual([expect.stringContaining(damaged.id)]);
});
