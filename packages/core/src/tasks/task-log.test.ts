import type { LogEntry } from '@agenthook/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { overLossyLink, testContext } from '../../test/context.js';
import type { Context } from '../context.js';
import { createTaskId } from '../queue/task-id.js';
import { keys } from '../redis/keys.js';
import { LockLost, openTaskLog, readTaskLog } from './task-log.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(() => ctx.redis.flushdb());
afterAll(() => env.close());

const entry = (call: string): LogEntry => ({
  type: 'tool_started',
  call,
  name: 'n',
  arguments: { a: 'ü' },
  at: '2026-01-01T00:00:00.000Z',
  attempt: 1,
});

test('entries are read back in their order, and expire after the results', async () => {
  const id = createTaskId('agt_1');
  await ctx.redis.set(keys.jobLock(0, id), 'mine');
  const log = await openTaskLog(ctx, { shard: 0, id, token: 'mine', fresh: true });
  await log.append(entry('1'), entry('2'));
  await log.append(entry('3'));
  expect(await readTaskLog(ctx, 0, id)).toEqual([entry('1'), entry('2'), entry('3')]);
  const reopened = await openTaskLog(ctx, { shard: 0, id, token: 'mine', fresh: false });
  expect(reopened.entries).toHaveLength(3);
  expect(await ctx.redis.ttl(keys.taskLog(0, id))).toBeGreaterThan(ctx.resultTtlSeconds);
});

test('a worker that lost its lock writes nothing, not even a part', async () => {
  const id = createTaskId('agt_1');
  await ctx.redis.set(keys.jobLock(0, id), 'mine');
  const log = await openTaskLog(ctx, { shard: 0, id, token: 'mine', fresh: true });
  await log.append(entry('1'));
  await ctx.redis.set(keys.jobLock(0, id), "another's");
  await expect(log.append(entry('2'), entry('3'))).rejects.toBeInstanceOf(LockLost);
  await ctx.redis.del(keys.jobLock(0, id));
  await expect(log.append(entry('4'))).rejects.toBeInstanceOf(LockLost);
  expect(await readTaskLog(ctx, 0, id)).toEqual([entry('1')]);
});

test('entries whose answer was lost with the connection, so that they are sent again, are written once', async () => {
  const id = createTaskId('agt_1');
  await ctx.redis.set(keys.jobLock(0, id), 'mine');
  const lossy = await overLossyLink(ctx);
  const log = await openTaskLog(lossy.ctx, { shard: 0, id, token: 'mine', fresh: true });
  await log.append(entry('1'));
  const lost = lossy.loseNextAnswer();
  // Two tools that end at the same time.
  await Promise.all([log.append(entry('2'), entry('3')), log.append(entry('4'))]);
  await lost;
  await log.append(entry('5'));
  expect(await readTaskLog(ctx, 0, id)).toEqual(['1', '2', '3', '4', '5'].map(entry));
  await lossy.close();
});

test('a run ends where its log is not what it has written: Redis has lost some of it', async () => {
  const id = createTaskId('agt_1');
  await ctx.redis.set(keys.jobLock(0, id), 'mine');
  const log = await openTaskLog(ctx, { shard: 0, id, token: 'mine', fresh: true });
  await log.append(entry('1'), entry('2'));
  await ctx.redis.xtrim(keys.taskLog(0, id), 'MAXLEN', 1);
  await expect(log.append(entry('3'))).rejects.toBeInstanceOf(LockLost);
});
