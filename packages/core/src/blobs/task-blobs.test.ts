import { postOf, type S3Server, startS3Server } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import { createAgent } from '../agents/create-agent.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import type { Context } from '../context.js';
import { eraseEnded } from '../erasing/erase.js';
import { trigger } from '../intake/trigger.js';
import { keys } from '../redis/keys.js';
import { cancelTask } from '../tasks/cancel.js';
import { readAttachment } from '../tasks/read-attachment.js';
import { createBlobStore } from './blob-store.js';
import { noteBlobs, sweepBlobs } from './task-blobs.js';

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const FILE = Buffer.from([0x89, 0, 0xff]);
let env: Awaited<ReturnType<typeof testContext>>;
let server: S3Server;
let ctx: Context;
let token: string;

beforeAll(async () => {
  env = await testContext();
  server = await startS3Server(KEYS);
  const blobs = createBlobStore({ url: server.url, region: 'us-east-1', ...KEYS });
  ctx = Object.create(env.ctx, { blobs: { value: blobs, enumerable: true } });
});
beforeEach(async () => {
  await ctx.redis.flushdb();
  server.objects.clear();
  server.fail(undefined);
  const { id } = await createAgent(ctx, { name: 'a' }, 'sandbox:echo');
  token = (await mintWebhook(ctx, id, 0)).token;
});
afterAll(async () => {
  await server?.close();
  await env?.close();
});

async function post(): Promise<string> {
  const outcome = await trigger(ctx, { token, ...postOf(FILE, { 'content-type': 'image/png' }) });
  if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome));
  return outcome.task_id;
}

test('files of a task that has expired go with the next sweep, once the store answers', async () => {
  const id = await post();
  expect((await readAttachment(ctx, id, 0)).content).toEqual(FILE);
  await cancelTask(ctx, id);
  server.fail(503);
  await eraseEnded(ctx, 0, [id], { expires: true });
  await sweepBlobs(ctx);
  expect(server.objects.size).toBe(1);
  server.fail(undefined);
  await sweepBlobs(ctx);
  expect(server.objects.size).toBe(0);
  expect(await ctx.redis.exists(keys.blobs(0), keys.releasedBlobs(0))).toBe(0);
});

test('a sweep finds files of a task that was never stored, and keeps those of others', async () => {
  const id = await post();
  await noteBlobs(ctx, 0, 'gone');
  await ctx.blobs?.put('gone/0', FILE);
  await ctx.redis.zadd(keys.blobs(0), 0, 'gone');
  await ctx.redis.zadd(keys.blobs(0), 0, id);
  await sweepBlobs(ctx);
  expect([...server.objects.keys()]).toEqual([`${id}/0`]);
  expect(await ctx.redis.zrangebyscore(keys.blobs(0), ctx.now(), '+inf')).toEqual([id]);
});

test('files of a task that was not stored at first are not removed after the next try', async () => {
  const id = await post();
  await ctx.redis.zrem(keys.blobs(0), id);
  await ctx.redis.sadd(keys.releasedBlobs(0), id);
  await noteBlobs(ctx, 0, id);
  await sweepBlobs(ctx);
  expect((await readAttachment(ctx, id, 0)).content).toEqual(FILE);
});

test('files that were stored beside one that failed go with a sweep', async () => {
  server.fail(500);
  await expect(post()).rejects.toMatchObject({ code: 'attachments_unavailable' });
  server.fail(undefined);
  const [id = ''] = await ctx.redis.zrange(keys.blobs(0), '0', '-1');
  await ctx.blobs?.put(`${id}/1`, FILE);
  await ctx.redis.zadd(keys.blobs(0), 0, id);
  await sweepBlobs(ctx);
  expect(server.objects.size).toBe(0);
});

test('without an archive, a sweep keeps the files of archived tasks', async () => {
  await ctx.blobs?.put('archived/0', FILE);
  await ctx.redis.zadd(keys.archivedBlobs(0), 0, 'archived');
  await sweepBlobs(ctx);
  await eraseEnded(ctx, 0, ['archived']);
  expect([...server.objects.keys()]).toEqual(['archived/0']);
});

test('while the store fails, an event with files is refused, and nothing of it is stored', async () => {
  server.fail(500);
  await expect(post()).rejects.toMatchObject({ code: 'attachments_unavailable' });
  expect(await ctx.redis.keys('*:tasks:????????-*')).toEqual([]);
});
