import { EMPTIED } from '@agenthook/core';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testApp } from '../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  env = await testApp();
});
afterAll(() => env?.close());

/** What a webhook, a poll, a reader of events and a reader of an agent get, and whether readiness tells. */
const THERE = ['unknown_webhook', 'unknown_task', 'unknown_task', 'unknown_agent', false];
const NOBODY = '79b31241-2f24-8047-9e75-e5cbacab4214';

test('what Redis has lost is no reason to send a caller away', async () => {
  const { redis } = env.ctx;
  const answers = async () => {
    const webhook = await env.app.inject({ method: 'POST', url: '/api/webhooks/agents/none', payload: {} });
    const of = async (path: string) => (await env.admin({ url: path })).json().code;
    const poll = await env.app.inject({ url: `/api/task_status?task_id=${NOBODY}` });
    const { problems } = (await env.app.inject({ url: '/readyz' })).json();
    const others = [await of(`/api/tasks/${NOBODY}/events`), await of('/api/agents/agt_none')];
    return [webhook.json().code, poll.json().code, ...others, problems.includes(EMPTIED)];
  };
  expect(await answers()).toEqual(THERE);
  const kept: [string, Buffer][] = [];
  for (const key of await redis.keys('*')) kept.push([key, (await redis.dumpBuffer(key)) as Buffer]);
  await redis.flushdb();
  expect(await answers()).toEqual([...Array(4).fill('redis_unavailable'), true]);
  for (const [key, dump] of kept) await redis.restore(key, 0, dump, 'REPLACE');
  expect(await answers()).toEqual(THERE);
});
