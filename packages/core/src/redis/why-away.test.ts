import { type RedisServer, startRedisServer } from '@agenthook/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { connectRedis, type RedisClient } from './connect.js';
import { whyAway } from './why-away.js';

let server: RedisServer;
let redis: RedisClient;
let operator: RedisClient;

beforeAll(async () => {
  server = await startRedisServer();
  const log = pino({ level: 'silent' });
  redis = await connectRedis(server.url, 'fail-fast', log);
  operator = await connectRedis(server.url, 'patient', log);
});
afterAll(async () => {
  redis?.disconnect();
  operator?.disconnect();
  await server?.stop('SIGKILL');
});

test('the reason why Redis is away is what a new connection meets', async () => {
  const at = `127.0.0.1:${server.port}`;
  await operator.config('SET', 'requirepass', 'other');
  expect(await whyAway(redis)).toBe(
    `Redis at ${at} refuses the login: NOAUTH, it wants a password. Put the right user and password into REDIS_URL.`,
  );
  await operator.config('SET', 'requirepass', '');
  await operator.config('SET', 'maxclients', 1);
  expect(await whyAway(redis)).toBe(`Redis at ${at} does not answer: ERR max number of clients reached.`);
  await operator.config('SET', 'maxclients', 1_000);
  server.pause();
  expect(await whyAway(redis)).toBe(`Redis at ${at} does not answer.`);
  server.resume();
  await server.down('SIGKILL');
  expect(await whyAway(redis)).toMatch(`Redis at ${at} does not answer: connect ECONNREFUSED`);
});
