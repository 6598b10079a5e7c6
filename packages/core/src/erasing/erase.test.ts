import { postOf } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Worker } from 'bullmq';
import { testContext } from '../../test/context.js';
import { takeJob } from '../../test/take-job.js';
import { createAgent } from '../agents/create-agent.js';
import { deleteAgent } from '../agents/delete-agent.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import { patchAgent } from '../agents/update-agent.js';
import type { Context } from '../context.js';
import { claimDelivery, settleDelivery } from '../deliveries/claim-delivery.js';
import { enqueueCallback } from '../deliveries/enqueue-callback.js';
import { acceptRejection } from '../intake/accept-rejection.js';
import { listRejections } from '../intake/list-rejections.js';
import { trigger } from '../intake/trigger.js';
import type { TaskData } from '../queue/job.js';
import { workerOptions } from '../queue/worker-options.js';
import type { RedisClient } from '../redis/connect.js';
import { keys, TASK_QUEUE } from '../redis/keys.js';
import { cancelTask } from '../tasks/cancel.js';
import { listTasks } from '../tasks/list/list-tasks.js';
import { taskStatus } from '../tasks/status.js';
import { openTaskLog } from '../tasks/task-log.js';
import { eraseTask } from './erase.js';
import { eraseTasks } from './erase-many.js';

const MARK = 'SOMEBODYS-SECRET';
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

async function post(body: unknown = {}, headers: Record<string, string> = {}) {
  const outcome = await trigger(ctx, { token, ...postOf(JSON.stringify(body), headers) });
  if (!('task_id' in outcome)) throw new Error(JSON.stringify(outcome));
  return outcome;
}

/** Runs the first task in line; its result repeats the payload. Then delivers its end. */
async function run(): Promise<void> {
  const job = await takeJob(ctx, worker);
  const [id, held] = [job.id ?? '', job.token ?? ''];
  const log = await openTaskLog(ctx, { shard: 0, id, token: held, fresh: true });
  const at = new Date().toISOString();
  await log.append({ type: 'prompt', at, attempt: 1, system: 's', user: MARK });
  await job.moveToCompleted({ answer: MARK, tool_calls: [{ result: MARK }] } as never, held, false);
  await enqueueCallback(ctx, { shard: 0, task_id: id, agent_id: agentId, status: 'SUCCESS' });
}

/** All data in the database, as text. */
async function everything(redis: RedisClient): Promise<string> {
  const found: unknown[] = [];
  for (const key of await redis.keys('*')) {
    const type = await redis.type(key);
    if (type === 'string') found.push(key, await redis.get(key));
    else if (type === 'hash') found.push(key, await redis.hgetall(key));
    else if (type === 'zset') found.push(key, await redis.zrange(key, '0', '-1'));
    else if (type === 'set') found.push(key, await redis.smembers(key));
    else if (type === 'list') found.push(key, await redis.lrange(key, 0, -1));
    else found.push(key, await redis.xrange(key, '-', '+'));
  }
  return JSON.stringify(found);
}

test('of an erased task nothing is left: no content, no key, no place in a list, no delivery', async () => {
  const headers = { 'idempotency-key': `key-${MARK}`, 'user-agent': MARK };
  const { task_id } = await post({ text: MARK }, headers);
  await run();
  const stays = (await post({ text: 'other' })).task_id;
  const delivery = `cb-${task_id}`;
  await ctx.redis.set(keys.deliveryLock(0, delivery), 'token');
  const claimed = await claimDelivery(ctx, delivery, 'token');
  if (!claimed) throw new Error('it is not pending');
  await ctx.redis.del(keys.deliveryLock(0, delivery));
  expect(await everything(ctx.redis)).toContain(MARK);

  await eraseTask(ctx, task_id);
  // An attempt that was in progress must not store the receiver's answer.
  const at = new Date().toISOString();
  await ctx.redis.set(keys.deliveryLock(0, delivery), 'token');
  const attempt = { at, response_status: 500, error: null, duration_ms: 1, response_excerpt: MARK };
  await settleDelivery(ctx, { ...claimed, round: '1' }, claimed.url, attempt, { status: 'delivered' });
  await ctx.redis.del(keys.deliveryLock(0, delivery));

  const left = await everything(ctx.redis);
  expect(left).not.toContain(MARK);
  for (const stream of await ctx.redis.keys('*:events')) await ctx.redis.del(stream); // they contain only ids
  expect(await everything(ctx.redis)).not.toContain(task_id);
  expect(await taskStatus(ctx, task_id)).toBeUndefined();
  expect((await listTasks(ctx, {}, { limit: 9 })).tasks.map((task) => task.task_id)).toEqual([stays]);
  expect(await ctx.redis.hget(keys.pendingDeliveries(0), agentId)).toBeNull();
  await expect(eraseTask(ctx, task_id)).rejects.toMatchObject({ code: 'unknown_task' });
  // The key was erased too, so a post with it creates a new task.
  expect(await post({ text: 'new' }, headers)).toMatchObject({ outcome: 'accepted' });
});

test('a task that has not ended is not erased', async () => {
  const { task_id } = await post();
  await expect(eraseTask(ctx, task_id)).rejects.toMatchObject({ code: 'task_not_finished' });
  await takeJob(ctx, worker);
  await expect(eraseTask(ctx, task_id)).rejects.toMatchObject({ code: 'task_not_finished' });
  expect(await taskStatus(ctx, task_id)).toMatchObject({ status: 'STARTED' });
  await expect(eraseTask(ctx, '00000000-0000-8000-8000-000000000000')).rejects.toMatchObject({
    code: 'unknown_task',
  });
});

test('the refused request that a task was made of goes with it', async () => {
  await patchAgent(ctx, agentId, { input_schema: { required: ['a'] } });
  await trigger(ctx, { token, ...postOf(JSON.stringify({ b: MARK })) });
  await trigger(ctx, { token, ...postOf('{"b":"other"}') });
  await ctx.redis.ping();
  await patchAgent(ctx, agentId, { input_schema: null });
  const { rejections } = await listRejections(ctx, agentId, { limit: 9 });
  const mine = rejections.find(({ body }) => body.includes(MARK));
  const { task_id } = await acceptRejection(ctx, agentId, mine?.id ?? '');
  await cancelTask(ctx, task_id);
  await eraseTask(ctx, task_id);
  expect(await everything(ctx.redis)).not.toContain(MARK);
  expect((await listRejections(ctx, agentId, { limit: 9 })).rejections).toHaveLength(1);
});

test('by agent and time, in steps, also once the agent is gone', async () => {
  const other = await createAgent(ctx, { name: 'b' }, 'sandbox:echo');
  const { token: otherToken } = await mintWebhook(ctx, other.id, 0);
  const sent = await trigger(ctx, { token: otherToken, ...postOf() });
  if (sent.outcome !== 'accepted') throw new Error(sent.outcome);
  await cancelTask(ctx, sent.task_id);

  const ids = await Promise.all(
    Array.from({ length: 230 }, async () => (await post({ text: MARK })).task_id),
  );
  await trigger(ctx, { token, ...postOf(`{${MARK}`) });
  await Promise.all(ids.map((id) => cancelTask(ctx, id)));
  await new Promise((resolve) => setTimeout(resolve, 5));
  const beforeMs = Date.now();
  await new Promise((resolve) => setTimeout(resolve, 5));
  const late = (await post()).task_id;
  await cancelTask(ctx, late);
  await deleteAgent(ctx, agentId);

  const erase = () => eraseTasks(ctx, { agentId, beforeMs, cancel: false });
  expect(await erase()).toEqual({ erased: 200, remaining: 30, unfinished: 0 });
  expect(await erase()).toEqual({ erased: 30, remaining: 0, unfinished: 0 });
  expect(await erase()).toEqual({ erased: 0, remaining: 0, unfinished: 0 });
  expect(await everything(ctx.redis)).not.toContain(MARK);
  const left = (await listTasks(ctx, {}, { limit: 9 })).tasks.map((task) => task.task_id);
  expect(left).toEqual([late, sent.task_id]);
});

test('what has not ended stays, or is cancelled and then erased', async () => {
  for (let n = 0; n < 3; n++) await post({ text: MARK });
  const all = { agentId, beforeMs: Date.now() + 1_000 };
  expect(await eraseTasks(ctx, { ...all, cancel: false })).toEqual({
    erased: 0,
    remaining: 0,
    unfinished: 3,
  });
  expect(await eraseTasks(ctx, { ...all, cancel: true })).toEqual({ erased: 3, remaining: 0, unfinished: 0 });
  expect(await everything(ctx.redis)).not.toContain(MARK);
});

test('refused requests from before that time go, later ones stay', async () => {
  const refuse = () => trigger(ctx, { token, ...postOf('{') });
  await refuse();
  env.advance(10_000);
  await refuse();
  await ctx.redis.ping();
  await eraseTasks(ctx, { agentId, beforeMs: ctx.now() - 5_000, cancel: false });
  expect((await listRejections(ctx, agentId, { limit: 9 })).rejections).toHaveLength(1);
});

test('what is left of tasks that have expired goes as well', async () => {
  const { task_id } = await post({ text: MARK });
  await run();
  await ctx.redis.del(keys.job(0, task_id));
  const all = { agentId, beforeMs: Date.now() + 1_000, cancel: false };
  expect(await eraseTasks(ctx, all)).toEqual({ erased: 0, remaining: 0, unfinished: 0 });
  const left = await everything(ctx.redis);
  expect(left).not.toContain(`log:${task_id}`);
  expect(left).not.toContain('"answer"');
});
