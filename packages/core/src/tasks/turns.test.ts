import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Worker } from 'bullmq';
import { testContext } from '../../test/context.js';
import { takeJob } from '../../test/take-job.js';
import { createAgentId } from '../agents/agent-id.js';
import type { Context } from '../context.js';
import type { TaskData } from '../queue/job.js';
import { workerOptions } from '../queue/worker-options.js';
import { TASK_QUEUE } from '../redis/keys.js';
import { cancelTask } from './cancel.js';
import { enqueue } from './enqueue.js';
import { taskStatus } from './status.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let worker: Worker<TaskData>;
const [busy, other, quiet] = [createAgentId(1), createAgentId(2), createAgentId(3)];

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
  worker = new Worker<TaskData>(TASK_QUEUE, null, workerOptions(ctx.redis, 0, 1));
  await worker.waitUntilReady();
});
beforeEach(() => ctx.redis.flushdb());
afterAll(async () => {
  await worker?.close();
  await env?.close();
});

async function add(agent_id: string, names: (string | number)[]): Promise<string[]> {
  const ids = [];
  for (const payload of names) {
    const data = { agent_id, agent_version: 1, payload, headers: {} };
    ids.push(
      await enqueue(ctx, { data, trigger: 'webhook', maxAttempts: 1, redisNow: () => Date.now() + 10_000 }),
    );
  }
  return ids;
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

/** Starts the next tasks. Returns their payloads in the order of their starts. */
async function take(count: number): Promise<unknown[]> {
  const names = [];
  for (let n = 0; n < count; n++) {
    const job = await takeJob(ctx, worker);
    names.push(job.data.payload);
    await job.moveToCompleted({ answer: '' } as never, 'token', false);
  }
  return names;
}

test('a quiet agent starts at once beside the backlog of another', async () => {
  await add(busy, range(0, 300));
  expect(await take(20)).toEqual(range(0, 20));
  await add(quiet, ['quiet']);
  expect((await take(3)).indexOf('quiet')).toBeGreaterThanOrEqual(0);
});

test('an agent keeps its own order, whatever comes while its backlog shrinks', async () => {
  await add(busy, range(0, 50));
  expect(await take(30)).toEqual(range(0, 30));
  await add(busy, range(50, 80));
  expect(await take(25)).toEqual(range(30, 55));
  await add(busy, range(80, 90));
  expect(await take(35)).toEqual(range(55, 90));
});

test('two agents with backlogs take turns', async () => {
  await add(busy, range(0, 40));
  await add(other, range(100, 120));
  const first = (await take(20)) as number[];
  const ofOther = first.filter((name) => name >= 100);
  expect(ofOther.length).toBeGreaterThanOrEqual(9);
  expect(ofOther).toEqual(range(100, 100 + ofOther.length));
  const rest = (await take(40)) as number[];
  expect([...first, ...rest].filter((name) => name < 100)).toEqual(range(0, 40));
});

test('a task in line is PENDING and can be cancelled', async () => {
  const [, second = ''] = await add(busy, ['first', 'second', 'third']);
  expect(await taskStatus(ctx, second)).toMatchObject({ status: 'PENDING' });
  expect(await cancelTask(ctx, second)).toMatchObject({ status: 'FAILURE', attempt: 0 });
  expect(await take(2)).toEqual(['first', 'third']);
});
