import { type RedisServer, startRedisServer } from '@agenthook/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createLogger } from '../log.js';
import { checkRedis } from './check.js';
import { connectRedis, type RedisClient } from './connect.js';

let server: RedisServer;
let redis: RedisClient;

beforeAll(async () => {
  server = await startRedisServer({ aof: true });
  redis = await connectRedis(server.url, 'fail-fast', createLogger('test', 'silent'));
});
afterAll(async () => {
  redis?.disconnect();
  await server?.stop();
});

test('a Redis that is set up as it has to be has nothing to be told', async () => {
  expect(await checkRedis(redis)).toMatchObject({ warnings: [], refusals: [] });
});

test('one that is nearly full is warned of, with how full it is', async () => {
  const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
  await redis.config('SET', 'maxmemory', Math.round(used / 0.93));
  const { warnings, refusals } = await checkRedis(redis);
  expect([warnings, refusals]).toEqual([
    [expect.stringMatching(/^Redis has used 9\d % of its maxmemory: raise maxmemory, keep/)],
    [],
  ]);
});

test('one that is full stores nothing', async () => {
  await redis.config('SET', 'maxmemory', 1);
  const { warnings, refusals } = await checkRedis(redis);
  expect([warnings, refusals]).toEqual([[], [expect.stringContaining('is full and stores nothing')]]);
  await redis.config('SET', 'maxmemory', 0);
});

test('one that is a replica stores nothing', async () => {
  await redis.replicaof('127.0.0.1', 1);
  expect((await checkRedis(redis)).refusals).toEqual([expect.stringContaining('is a replica')]);
  await redis.replicaof('NO', 'ONE');
  expect((await checkRedis(redis)).refusals).toEqual([]);
});

test('one that may evict tasks, and one without an append-only file, is warned of', async () => {
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
  await redis.config('SET', 'appendonly', 'no');
  expect((await checkRedis(redis)).warnings).toEqual([
    expect.stringContaining('maxmemory-policy is allkeys-lru'),
    expect.stringContaining('no append-only file'),
  ]);
});
