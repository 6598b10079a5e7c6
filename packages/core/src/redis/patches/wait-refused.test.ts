import { type RedisServer, startRedisServer } from '@agenthook/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createLogger } from '../../log.js';
import { refusesForNow } from '../unavailable.js';
import { waitWhileRefused } from './wait-refused.js';

let server: RedisServer;
let redis: Redis;
let plain: Redis;

beforeAll(async () => {
  server = await startRedisServer();
  plain = new Redis(server.url);
  redis = new Redis(server.url);
  waitWhileRefused(redis, refusesForNow, createLogger('test', 'silent'));
});
afterAll(async () => {
  redis?.disconnect();
  plain?.disconnect();
  await server?.stop();
});

test('a command and a script that a full Redis refuses are sent again, and run once', async () => {
  await plain.config('SET', 'maxmemory', 1);
  // Without the patch, ioredis passes the refusal on.
  await expect(plain.set('key', 'plain')).rejects.toThrow(/^OOM/);
  let settled = 0;
  const asked = [redis.incr('count'), redis.eval("return redis.call('INCR', KEYS[1])", 1, 'count')];
  for (const each of asked) void each.finally(() => settled++);
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(settled).toBe(0);
  await plain.config('SET', 'maxmemory', 0);
  expect((await Promise.all(asked)).sort()).toEqual([1, 2]);
  expect(await plain.get('count')).toBe('2');
});

test('a command that fails for its own reason fails at once', async () => {
  await plain.set('text', 'no number');
  await expect(redis.incr('text')).rejects.toThrow(/not an integer/);
});
