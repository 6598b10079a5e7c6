import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import {
  apiClient,
  chargingSteps,
  type RedisServer,
  type Shop,
  type Stack,
  startRedisServer,
  startShop,
  startStack,
  until,
} from '../index.js';

let server: RedisServer | undefined;
let stack: Stack | undefined;
let shop: Shop | undefined;
let client: Redis | undefined;

afterEach(async () => {
  client?.disconnect();
  await stack?.stop();
  await Promise.all([server?.stop(), shop?.close()]);
});

const TASKS = 80;
const CALLS = 3;
/** Longer than a worker's locks hold, in ms, so that active runs continue as if their worker had died. */
const FULL_MS = 10_000;

test('while Redis is full, no task is accepted and none ends; once it has room, all continues, and no call is made twice', async () => {
  const redis = await startRedisServer({ aof: true });
  server = redis;
  const admin = new Redis(redis.url);
  client = admin;
  shop = await startShop();
  const { charges } = shop;
  const running = await startStack({
    redisUrl: redis.url,
    env: { EGRESS_ALLOW: '127.0.0.1', WORKER_CONCURRENCY: '10' },
  });
  stack = running;
  const agent = await running.createAgent({ name: 'Charges', tools: [shop.tool], sandbox_tools: true });
  const { token } = await running.mintWebhook(agent.id);
  const steps = chargingSteps(CALLS, 300);
  const fire = async (order: number) => {
    const { status, body } = await running.trigger(token, { order, sandbox: { steps, reply: 'done' } });
    expect(status).toBe(200);
    return body.task_id;
  };
  const ids = await Promise.all(Array.from({ length: TASKS }, (_, order) => fire(order)));
  const seen = charges.length;
  await until('it works', () => charges.length > seen + 10, { timeoutMs: 30_000 });
  const viewer = await running.request<{ key: string }>('POST', '/api/keys', { name: 'Ada', role: 'viewer' });
  await admin.config('SET', 'maxmemory', '1');

  const refused = await running.trigger(token, { order: 'refused' });
  expect([refused.status, refused.body]).toMatchObject([503, { code: 'redis_unavailable' }]);
  const ready = await running.request<{ problems: string[] }>('GET', '/readyz');
  expect(ready.status).toBe(503);
  expect(ready.body.problems.join()).toContain('Redis is full and stores nothing');
  // Stored data can be read, even with a key that has never been used before.
  for (const key of [running.adminKey, viewer.body.key])
    expect((await apiClient(running.url, key).request('GET', '/api/tasks')).status).toBe(200);
  await sleep(FULL_MS);
  const states = await Promise.all(ids.map(async (id) => (await running.status(id)).body.status));
  expect(states).not.toContain('FAILURE');
  expect(states).toContain('STARTED');

  await admin.config('SET', 'maxmemory', '0');
  for (const id of ids) {
    const { status, result } = await running.poll(id, { timeoutMs: 60_000 });
    expect([id, status, result.error]).toEqual([id, 'SUCCESS', undefined]);
  }
  expect(charges.toSorted()).toEqual([...new Set(charges)].toSorted());
  expect(charges).toHaveLength(TASKS * CALLS);
  expect((await running.request('GET', '/readyz')).status).toBe(200);
}, 120_000);
