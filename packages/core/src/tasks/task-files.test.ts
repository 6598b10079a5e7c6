import { postOf, until } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import { createAgent } from '../agents/create-agent.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import type { Context } from '../context.js';
import { resolveWebhook } from '../intake/resolve-webhook.js';
import { trigger } from '../intake/trigger.js';
import { withdrawTask } from '../queue/withdraw.js';
import { keys } from '../redis/keys.js';
import { cancelTask } from './cancel.js';
import { offerTask } from './enqueue.js';
import { readAttachment } from './read-attachment.js';
import { storeFiles } from './task-files.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let token: string;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(async () => {
  await ctx.redis.flushdb();
  const { id } = await createAgent(ctx, { name: 'a' }, 'sandbox:echo');
  token = (await mintWebhook(ctx, id, 0)).token;
});
afterAll(() => env?.close());

const FILE = Buffer.from([0x89, 0, 0xff, 1]);
async function post(): Promise<string> {
  const outcome = await trigger(ctx, { token, ...postOf(FILE, { 'content-type': 'image/png' }) });
  if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome));
  return outcome.task_id;
}
const ttl = (id: string) => ctx.redis.ttl(keys.taskFiles(0, id));
const GONE = -2;
const FOR_EVER = -1;

test('stay for as long as the task, and go with it when it is swept', async () => {
  const id = await post();
  expect(await readAttachment(ctx, id, 0)).toMatchObject({ media_type: 'image/png', content: FILE });
  expect(await ttl(id)).toBe(FOR_EVER);
  await cancelTask(ctx, id);
  expect(await ttl(id)).toBe(FOR_EVER);
  await ctx.queues[0]?.clean(0, 100, 'failed');
  expect(await ttl(id)).toBe(GONE);
  await expect(readAttachment(ctx, id, 0)).rejects.toMatchObject({ code: 'unknown_task' });
});

test('go with a task that is withdrawn', async () => {
  const id = await post();
  expect(await withdrawTask(ctx.redis, 0, id)).toBe(true);
  expect(await ttl(id)).toBe(GONE);
});

test('go at once if their task cannot be stored', async () => {
  const task = {
    data: {
      agent_id: (await resolveWebhook(ctx, token))?.agentId ?? '',
      agent_version: 1,
      payload: {},
      headers: {},
    },
    files: [FILE],
    trigger: 'webhook' as const,
    maxAttempts: 1,
    // The deadline of the add is over when it arrives.
    redisNow: () => 0,
  };
  await expect(offerTask(ctx, task)).rejects.toThrow('LATE');
  await until('its files are gone', async () => (await ctx.redis.keys('*:logs')).length === 0);
});

test('expire if their task is never stored', async () => {
  await storeFiles(ctx, 0, 'orphan', [FILE]);
  expect(await ttl('orphan')).toBeGreaterThan(3_500);
});
