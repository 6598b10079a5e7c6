import { type RedisServer, startRedisServer } from '@agenthook/testing';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { giveUpSilent } from './give-up-silent.js';

const SILENCE_MS = 500;

let server: RedisServer;
let redis: Redis;

beforeEach(async () => {
  server = await startRedisServer();
  redis = new Redis(server.url, { socketTimeout: SILENCE_MS, maxRetriesPerRequest: 0 });
  giveUpSilent(redis);
  await redis.ping();
});
afterEach(async () => {
  server?.resume();
  redis?.disconnect();
  await server?.stop();
});

test('a connection that owes an answer and is silent is closed, for the reason that we give', async () => {
  const failed = new Promise<Error>((resolve) => redis.on('error', resolve));
  const closed = new Promise((resolve) => redis.once('close', resolve));
  server.pause();
  const asked = redis.get('nothing answers').catch(() => 'rejected');
  expect((await failed).message).toBe(
    `Socket timeout. Redis owes an answer and has been silent for ${SILENCE_MS} ms.`,
  );
  await closed;
  expect(await asked).toBe('rejected');
});

test('a connection that owes nothing stays open, however silent', async () => {
  const { stream } = redis;
  await new Promise((resolve) => setTimeout(resolve, 3 * SILENCE_MS));
  expect(redis.stream).toBe(stream);
  expect(stream.destroyed).toBe(false);
});

test('a client that implements socketTimeout otherwise is refused', () => {
  expect(() => giveUpSilent({} as Redis)).toThrow(/socketTimeout in another way/);
});
