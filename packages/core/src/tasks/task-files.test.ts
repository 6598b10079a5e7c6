import { postOf, until } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import { createAgent } from '../agents/create-agent.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import type { Context } from '../context.js';
import { resolveWebhook } from '../intake/resolve-webhook.js';
import { trigger } from '../intake/trigger.js';
import type { TaskData } from '../queue/job.js';
import { withdrawTask } from '../queue/withdraw.js';
import { keys } from '../redis/keys.js';
import { cancelTask } from './cancel.js';
import { continueTask } from './continue.js';
import { offerTask } from './enqueue.js';
import { readAttachment } from './read-attachment.js';
import { replayTask } from './replay.js';
import { filesOf, storeFiles } from './task-files.js';
import { LockLost } from './task-log.js';
import { taskTrace } from './trace.js';

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

describe('fetched by a run', () => {
  const held = (id: string) => ({ shard: 0, id, token: 'lock' });
  const about = { filename: 'a', media_type: 'text/plain', bytes: 1, url: 'https://a.test/a' };
  const stored = async (id: string) => [
    (await taskTrace(ctx, id))?.attachments.map(({ url }) => url),
    await ctx.redis.lrange(keys.taskFiles(0, id), 0, -1),
  ];

  test('are stored after those of the event, once', async () => {
    const id = await post();
    const data = { files: [{ filename: 'body', media_type: 'image/png', bytes: 4 }] } as TaskData;
    await ctx.redis.set(keys.jobLock(0, id), 'lock');
    // The worker that stores the second file is cut off, and the next one stores it again.
    const [cut, next] = [filesOf(ctx, held(id), data, []), filesOf(ctx, held(id), data, [about])];
    await cut.add(about, Buffer.from('1'));
    await cut.add({ ...about, url: 'https://a.test/b' }, Buffer.from('2'));
    await next.add({ ...about, url: 'https://a.test/c' }, Buffer.from('3'));
    const urls = [undefined, 'https://a.test/a', 'https://a.test/c'];
    expect(await stored(id)).toEqual([urls, [FILE.toString(), '1', '3']]);
    expect((await next.read()).map(String)).toEqual([FILE.toString(), '1']);
    expect(await ttl(id)).toBe(FOR_EVER);
  });

  test('are not stored by a worker that has lost the task', async () => {
    const id = await post();
    const before = await stored(id);
    await ctx.redis.set(keys.jobLock(0, id), 'of another worker');
    const port = filesOf(ctx, held(id), {} as TaskData, []);
    await expect(port.add(about, Buffer.from('1'))).rejects.toThrow(LockLost);
    expect(await stored(id)).toEqual(before);
  });
});

test('expire if their task is never stored', async () => {
  const about = { filename: 'a', media_type: 'image/png', bytes: FILE.length };
  await storeFiles(ctx, { shard: 0, id: 'orphan', inStore: false }, [about], [FILE]);
  expect(await ttl('orphan')).toBeGreaterThan(3_500);
});

test('a task whose files are gone is neither replayed nor continued, and says why', async () => {
  const id = await post();
  await cancelTask(ctx, id);
  await ctx.redis.unlink(keys.taskFiles(0, id));
  for (const again of [replayTask, continueTask])
    await expect(again(ctx, id, {})).rejects.toMatchObject({
      code: 'attachments_unavailable',
      message: 'A file of this task is gone from where it was stored.',
    });
  expect((await taskTrace(ctx, id))?.replays).toEqual([]);
});
