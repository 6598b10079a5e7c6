import { until } from '@agenthook/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Worker } from 'bullmq';
import { overLossyLink, testContext } from '../../test/context.js';
import { createAgent } from '../agents/create-agent.js';
import type { Context } from '../context.js';
import type { TaskData } from '../queue/job.js';
import { workerOptions } from '../queue/worker-options.js';
import { keys, TASK_QUEUE } from '../redis/keys.js';
import { enqueue } from './enqueue.js';
import { startReconcilingLeases } from './leases.js';
import { noteStart } from './start.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let worker: Worker<TaskData>;
beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
  worker = new Worker<TaskData>(TASK_QUEUE, null, workerOptions(ctx.redis, 0, 1));
});
afterAll(async () => {
  await worker?.close();
  await env?.close();
});

test('a start that finds no place, and is sent again with its connection, puts the task back once', async () => {
  const { id: agentId } = await createAgent(ctx, { name: 'a' }, 'sandbox:echo');
  const data = { agent_id: agentId, agent_version: 1, payload: {}, headers: {} };
  const add = () => enqueue(ctx, { data, trigger: 'webhook', maxAttempts: 1, redisNow: Date.now });
  await add();
  const id = await add();
  const lossy = await overLossyLink(ctx);
  const starts: string[] = [];
  for (let n = 0; n < 2; n++) {
    const job = await worker.getNextJob('token', { block: false });
    if (!job) throw new Error('no job to take');
    const lost = n === 1 ? lossy.loseNextAnswer() : undefined;
    const lease = { shard: 0, id: job.id ?? '', agentId, token: 'token', maxConcurrency: 1 };
    starts.push(await noteStart(lossy.ctx, { ...lease, createdMs: job.timestamp, startedMs: job.timestamp }));
    await lost;
  }
  expect(starts).toEqual(['runs', 'parked']);
  // A task's first run is recognized by its count of starts.
  expect(await ctx.redis.hget(keys.job(0, id), 'ats')).toBe('0');
  expect(await ctx.redis.zrange(keys.delayedJobs(0), '0', '-1')).toEqual([id]);
  expect(await ctx.redis.zrange(keys.parked(0, agentId), '0', '-1')).toEqual([id]);
  await lossy.close();
});

/** Adds a task that runs to an agent's leases. */
const lend = async (agentId: string, id: string, isAlive: boolean, startedMs: number) => {
  await ctx.redis.zadd(keys.leases(0, agentId), startedMs, id);
  if (isAlive) await ctx.redis.set(keys.jobLock(0, id), 'token');
};
/** Parks a task of an agent. */
const parkOne = async (agentId: string, id: string, max: number) => {
  await ctx.redis.zadd(keys.delayedJobs(0), 1, id);
  await ctx.redis.zadd(keys.parked(0, agentId), 1, id);
  await ctx.redis.zadd(keys.parking(0), max, agentId);
};
const isCalled = async (id: string) => (await ctx.redis.lrange(keys.waitingJobs(0), 0, -1)).includes(id);

test('a lost worker is noticed, however many agents wait and however many leases are older', async () => {
  for (let n = 0; n < 700; n++) {
    await lend(`agent-${n}`, `runs-${n}`, n % 100 !== 99, 1);
    await parkOne(`agent-${n}`, `waits-${n}`, 1);
  }
  for (let n = 0; n < 1_500; n++) await lend('wide', `wide-${n}`, n !== 1_400, n + 1);
  await parkOne('wide', 'waits-wide', 1_500);
  const end = startReconcilingLeases(ctx);
  for (const id of ['wide', 99, 199, 299, 399, 499, 599, 699])
    await until(`${id} is called`, () => isCalled(`waits-${id}`), { timeoutMs: 40_000 });
  end();
  expect(await isCalled('waits-0')).toBe(false);
}, 60_000);
