import { setImmediate as turn } from 'node:timers/promises';
import { type RedisServer, startRedisServer } from '@agenthook/testing';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLogger } from '../../log.js';
import { connectRedis, type RedisClient } from '../connect.js';

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

test.each([2_000, 4_000])(
  'an answer that lies in the socket counts, though this process reads it %d ms late',
  async (ms) => {
    server.pause();
    const asked = redis.ping();
    await turn();
    server.resume();
    // Redis answers while this process is blocked for longer than the timeout of a command.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    expect(await asked).toBe('PONG');
  },
);

test('time counts from when a command is sent, after a turn that was longer than it may take', async () => {
  const asked = redis.ping();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000);
  expect(await asked).toBe('PONG');
});
