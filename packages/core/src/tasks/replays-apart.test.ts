import { postOf } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Worker } from 'bullmq';
import { testContext } from '../../test/context.js';
import { takeJob } from '../../test/take-job.js';
import { createAgent } from '../agents/create-agent.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import type { Context } from '../context.js';
import { trigger } from '../intake/trigger.js';
import type { TaskData } from '../queue/job.js';
import { workerOptions } from '../queue/worker-options.js';
import { keys, TASK_QUEUE } from '../redis/keys.js';
import { cancelTask } from './cancel.js';
import { replayTask } from './replay.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let worker: Worker<TaskData>;
let id: string;
let token: string;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
  worker = new Worker<TaskData>(TASK_QUEUE, null, workerOptions(ctx.redis, 0, 1));
  await worker.waitUntilReady();
});
beforeEach(async () => {
  await ctx.redis.flushdb();
  ({ id } = await createAgent(ctx, { name: 'a', limits: { max_pending: 2 } }, 'sandbox:echo'));
  ({ token } = await mintWebhook(ctx, id, 0));
});
afterAll(async () => {
  await worker?.close();
  await env?.close();
});

const fire = async () => {
  const outcome = await trigger(ctx, { token, ...postOf('{}') });
  return outcome.outcome === 'accepted' ? outcome.task_id : outcome.outcome;
};

test('replays take no places from real events, and wait behind them', async () => {
  const first = await fire();
  const replays = await Promise.all(
    Array.from({ length: 50 }, async () => (await replayTask(ctx, first, {})).task_id),
  );
  const second = await fire();
  expect(second).not.toBe('rejected');
  expect(await fire()).toBe('rejected');
  // The first task and the event after it run before all but one of the replays.
  const order: (string | undefined)[] = [];
  for (let n = 0; n < 3; n++) order.push((await takeJob(ctx, worker)).id);
  expect(order[0]).toBe(first);
  expect(order).toContain(second);
  expect(replays).toEqual(expect.arrayContaining(order.filter((one) => one !== first && one !== second)));
  // Both events have started, so there is room for two again, whatever number of replays waits.
  expect(await fire()).not.toBe('rejected');
  expect(await fire()).not.toBe('rejected');
  expect(await fire()).toBe('rejected');
});

test('a replay that starts or is cancelled no longer counts as waiting', async () => {
  const first = await fire();
  await takeJob(ctx, worker);
  const { task_id: started } = await replayTask(ctx, first, {});
  const { task_id: cancelled } = await replayTask(ctx, first, {});
  const waiting = () => ctx.redis.smembers(keys.waitingReplays(0, id));
  expect((await waiting()).sort()).toEqual([started, cancelled].sort());
  expect((await takeJob(ctx, worker)).id).toBe(started);
  await cancelTask(ctx, cancelled);
  expect(await waiting()).toEqual([]);
});
