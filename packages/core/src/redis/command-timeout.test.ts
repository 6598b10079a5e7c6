import { setImmediate as turn } from 'node:timers/promises';
import { type RedisServer, startRedisServer } from '@agenthook/testing';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLogger } from '../log.js';
import { connectRedis, type RedisClient } from './connect.js';

let server: RedisServer;
let redis: RedisClient;

beforeEach(async () => {
  server = await startRedisServer();
  redis = await connectRedis(server.url, 'fail-fast', createLogger('test', 'silent'));
});
afterEach(async () => {
  server?.resume();
  redis?.disconnect();
  await server?.stop();
});

test('a command that Redis does not answer fails', async () => {
  server.pause();
  await expect(redis.ping()).rejects.toThrow('Command timed out');
});

test('an answer that lies in the socket counts, however late this process comes to read it', async () => {
  // It takes some hundred ms, so that its answer comes while this process is held up.
  const asked = redis.eval('local n = 0 for _ = 1, 2e7 do n = n + 1 end return n', 0);
  for (let n = 0; n < 3; n++) await turn();
  for (const until = Date.now() + 1_500; Date.now() < until; );
  expect(await asked).toBe(2e7);
});
