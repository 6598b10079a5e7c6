import { postOf } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import { createAgent } from '../agents/create-agent.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import type { Context } from '../context.js';
import { trigger } from '../intake/trigger.js';
import { keys } from '../redis/keys.js';
import { taskTrace } from '../tasks/trace.js';
import { confirmTask } from './confirm.js';
import { withdrawEvent, withdrawTask } from './withdraw.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let send: (n: number) => Promise<string>;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(async () => {
  await ctx.redis.flushdb();
  const burst = { key: 'k', window_seconds: 60 };
  const { id } = await createAgent(ctx, { name: 'a', burst }, 'sandbox:echo');
  const { token } = await mintWebhook(ctx, id, 0);
  send = async (n) => {
    const outcome = await trigger(ctx, { token, ...postOf(`{"n":${n}}`, { 'idempotency-key': `k${n}` }) });
    if (!('task_id' in outcome)) throw new Error(outcome.outcome);
    return outcome.task_id;
  };
});
afterAll(() => env?.close());

/** The ids under which the events of a task were to be stored, and their numbers. */
async function eventsOf(taskId: string): Promise<{ id: string; n: number }[]> {
  const stored = await ctx.redis.lrange(keys.taskEvents(0, taskId), 0, -1);
  return stored.map((text) => {
    const [meta = '', data = ''] = text.split('\n');
    return { id: JSON.parse(meta).id, n: JSON.parse(data).payload.n };
  });
}

test('an event whose sender was told that it is not stored leaves the burst, and the others stay', async () => {
  const taskId = await send(1);
  await send(2);
  await send(3);
  const [first, , third] = await eventsOf(taskId);
  const soon = performance.now() + 1_000;
  expect(await confirmTask(ctx.redis, 0, third?.id ?? '', soon)).toBe(taskId);
  // Others have joined the first event's task, so that task stays.
  expect(await withdrawTask(ctx.redis, 0, first?.id ?? '')).toBe(false);
  expect(await withdrawEvent(ctx.redis, 0, first?.id ?? '')).toBe(true);
  expect(await withdrawEvent(ctx.redis, 0, third?.id ?? '')).toBe(true);
  expect(await withdrawEvent(ctx.redis, 0, third?.id ?? '')).toBe(false);
  expect((await eventsOf(taskId)).map(({ n }) => n)).toEqual([2]);
  expect((await taskTrace(ctx, taskId))?.payload).toEqual({ n: 2 });
  // Its retry is a new event.
  expect(await send(3)).toBe(taskId);
  expect((await eventsOf(taskId)).map(({ n }) => n)).toEqual([2, 3]);
});
