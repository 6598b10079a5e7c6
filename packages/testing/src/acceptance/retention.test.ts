import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { type Stack, startStack, until } from '../index.js';

jest.setTimeout(60_000);

let stack: Stack;
let redis: Redis;
beforeAll(async () => {
  stack = await startStack({ env: { RESULT_TTL_SECONDS: '3600' } });
  redis = new Redis(stack.redisUrl);
});
afterAll(async () => {
  redis?.disconnect();
  await stack?.stop();
});

test('a process with a shorter retention deletes nothing early, and people are told', async () => {
  const { token } = await stack.mintWebhook((await stack.createAgent({ name: 'a' })).id);
  const run = async () => {
    const { task_id } = (await stack.trigger(token, { sandbox: { reply: 'done' } })).body;
    await stack.poll(task_id);
    return task_id;
  };
  const completed = '{agenthook:0}:tasks:completed';
  const endedAgo = async (id: string, seconds: number) => {
    await redis.hset(`{agenthook:0}:tasks:${id}`, 'finishedOn', Date.now() - seconds * 1000);
    await redis.zadd(completed, Date.now() - seconds * 1000, id);
  };
  const [older, expired] = [await run(), await run()];
  await endedAgo(older, 1_800);
  await endedAgo(expired, 7_200);
  await stack.workers[0]?.stop();
  const worker = await stack.startWorker({ RESULT_TTL_SECONDS: '60' });
  await run();
  await run();
  await until(
    'what has expired for all is removed',
    async () => (await stack.status(expired)).status === 404,
  );
  expect((await stack.status(older)).body).toMatchObject({ status: 'SUCCESS' });
  const line = 'RESULT_TTL_SECONDS differs between processes (60 and 3600): results are kept for 3600 s.';
  await until('it is told', async () =>
    (await stack.request<{ problems: string[] }>('GET', '/readyz')).body.problems.join().includes(line),
  );
  expect(worker.log()).toContain('RESULT_TTL_SECONDS is 60 here, but results are kept for 3600 s');
  expect(await redis.get('{agenthook}:retention')).toBe('3600');
});
