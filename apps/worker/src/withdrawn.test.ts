import { setTimeout as sleep } from 'node:timers/promises';
import type { RunAgent } from '@agenthook/contracts';
import { type Context, createAgent, mintWebhook, taskStatus, trigger } from '@agenthook/core';
import { postOf, type RedisServer, startRedisServer, until } from '@agenthook/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { contextOn, runAgentWithoutTools } from '../test/context.js';
import type { RunningWorker } from './run-workers.js';
import { buildWorker } from './task-worker.js';

const sandbox = runAgentWithoutTools();
const runs: string[] = [];
const counted: RunAgent = (input) => {
  runs.push(input.task.id);
  return sandbox(input);
};

let server: RedisServer;
let api: Awaited<ReturnType<typeof contextOn>>;
let ours: Awaited<ReturnType<typeof contextOn>>;
let worker: RunningWorker;
let token: string;
let other: Redis;

beforeAll(async () => {
  server = await startRedisServer({ options: { 'enable-debug-command': 'yes' } });
  api = await contextOn(server.url, 'fail-fast');
  ours = await contextOn(server.url);
  worker = buildWorker(ours.ctx, counted, 10);
  const { id } = await createAgent(api.ctx, { name: 'a' }, 'sandbox:echo');
  ({ token } = await mintWebhook(api.ctx, id, 0));
  other = new Redis(server.url);
});
afterAll(async () => {
  await worker?.stop(2_000);
  await api?.close(1_000);
  await ours?.close(1_000);
  other?.disconnect();
  await server?.stop();
});

const post = (ctx: Context) => trigger(ctx, { token, ...postOf() });

test('a task that Redis stored just before it froze does not run, because its caller was told so', async () => {
  const first = await post(api.ctx);
  expect(first.outcome).toBe('accepted');
  let asked = '';
  // Redis reads the new task and the second sleep in one turn, and answers only after both. The withdrawal is
  // behind another large command, which Redis reads in many turns.
  const frozen: Context = {
    ...api.ctx,
    addTask: async (shard, task) => {
      asked = task.id;
      const sleeper = new Redis(server.url);
      await sleeper.ping();
      void other.debug('SLEEP', '0.3');
      await sleep(100);
      const added = api.ctx.addTask(shard, task);
      await sleep(20);
      void sleeper.debug('SLEEP', '2').finally(() => sleeper.disconnect());
      api.ctx.redis.set('large', 'x'.repeat(20_000_000)).catch(() => undefined);
      return await added;
    },
  };
  await expect(post(frozen)).rejects.toThrow('Command timed out');
  await other.ping();
  // Tasks start in the order in which they were stored.
  const next = await until('the api is connected again', () => post(api.ctx).catch(() => undefined));
  await until('the next task ends', async () => {
    const state = 'task_id' in next ? await taskStatus(api.ctx, next.task_id ?? '') : undefined;
    return state?.status === 'SUCCESS';
  });
  expect(await taskStatus(api.ctx, asked)).toBeUndefined();
  expect(runs).not.toContain(asked);
});
