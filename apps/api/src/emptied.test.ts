import { EMPTIED } from '@agenthook/core';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testApp } from '../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  env = await testApp();
});
afterAll(() => env?.close());

const NOBODY = '79b31241-2f24-8047-9e75-e5cbacab4214';

test('what Redis has lost is no reason to send a caller away', async () => {
  const { redis } = env.ctx;
  const answers = async () => {
    const webhook = await env.app.inject({ method: 'POST', url: '/api/webhooks/agents/none', payload: {} });
    const poll = await env.app.inject({ url: `/api/task_status?task_id=${NOBODY}` });
    const { problems } = (await env.app.inject({ url: '/readyz' })).json();
    return [webhook.json().code, poll.json().code, problems.includes(EMPTIED)];
  };
  expect(await answers()).toEqual(['unknown_webhook', 'unknown_task', false]);
  const kept: [string, Buffer][] = [];
  for (const key of await redis.keys('*')) kept.push([key, (await redis.dumpBuffer(key)) as Buffer]);
  await redis.flushdb();
  expect(await answers()).toEqual(['redis_unavailable', 'redis_unavailable', true]);
  for (const [key, dump] of kept) await redis.restore(key, 0, dump, 'REPLACE');
  console.log(await redis.keys('*'), await redis.exists('{agenthook}:secret-check'));
  expect(await answers()).toEqual(['unknown_webhook', 'unknown_task', false]);
});
