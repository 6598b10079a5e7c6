import { until } from '@agenthook/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import { createAgent } from '../agents/create-agent.js';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { continueTask } from './continue.js';
import { enqueue } from './enqueue.js';
import { openTaskLog } from './task-log.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
afterAll(() => env?.close());

const common = { at: '2026-01-02T03:04:05.000Z', attempt: 1 };

async function endedTask(): Promise<string> {
  const { id: agent_id } = await createAgent(ctx, { name: 'a' }, 'sandbox:echo');
  const data = { agent_id, agent_version: 1, payload: {}, headers: {} };
  const id = await enqueue(ctx, { data, trigger: 'webhook', maxAttempts: 1, redisNow: Date.now });
  await ctx.redis.set(keys.jobLock(0, id), 'token');
  const log = await openTaskLog(ctx, { shard: 0, id, token: 'token', fresh: true });
  await log.append({ ...common, type: 'prompt', system: 's', user: 'u' });
  await ctx.redis.hset(keys.job(0, id), { finishedOn: Date.now(), failedReason: '{}' });
  return id;
}

test('a continue that is sent twice makes one task, and leaves no journal of another', async () => {
  const id = await endedTask();
  const first = await continueTask(ctx, id, {}, 'once');
  expect(first.isNew).toBe(true);
  const journals = () => ctx.redis.keys(keys.taskLog(0, id).replace(id, '*'));
  const before = (await journals()).sort();
  expect(before).toEqual([keys.taskLog(0, id), keys.taskLog(0, first.task_id)].sort());
  expect(await continueTask(ctx, id, {}, 'once')).toEqual({ task_id: first.task_id, isNew: false });
  await until('its journal is gone', async () => (await journals()).length === before.length);
  expect((await journals()).sort()).toEqual(before);
});
