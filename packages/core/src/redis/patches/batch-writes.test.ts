import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { batchWrites } from './batch-writes.js';

const redisUrl = `${process.env.TEST_REDIS_URL?.replace(/\/\d*$/, '')}/${process.env.JEST_WORKER_ID}`;
const numbers = Array.from({ length: 300 }, (_, n) => String(n));
let redis: Redis;

beforeAll(async () => {
  redis = new Redis(redisUrl, { lazyConnect: true });
  batchWrites(redis);
  await redis.connect();
  await redis.flushdb();
});
afterAll(() => redis.disconnect());

test('commands of one turn leave as one packet, in their order', async () => {
  const { stream } = redis;
  let packets = 0;
  const writev = stream._writev?.bind(stream);
  stream._writev = (chunks, done) => {
    packets++;
    writev?.(chunks, done);
  };
  await Promise.all(numbers.map((n) => redis.rpush('list', n)));
  expect(packets).toBe(1);
  expect(await redis.lrange('list', 0, -1)).toEqual(numbers);
});

test('it goes on after the connection was lost', async () => {
  redis.disconnect(true);
  await Promise.all(numbers.map((n) => redis.rpush('other', n)));
  expect(await redis.lrange('other', 0, -1)).toEqual(numbers);
});
