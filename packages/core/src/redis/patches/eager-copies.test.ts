import { freshRedis } from '@agenthook/testing';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { makeCopiesEager } from './eager-copies.js';

let url: string;
let redis: Redis;
const closing: (() => unknown)[] = [];

beforeEach(async () => {
  const fresh = await freshRedis();
  await fresh.close();
  url = fresh.url;
  redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null });
  await redis.connect();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  redis.disconnect();
});

/** The client on which a BullMQ worker waits for jobs. */
function blockingClientOf(connection: Redis): Redis | undefined {
  const copies: Redis[] = [];
  const duplicate = connection.duplicate.bind(connection);
  connection.duplicate = (...args) => {
    const copy = duplicate(...args);
    copies.push(copy);
    return copy;
  };
  const worker = new Worker('copies', async () => undefined, { connection, autorun: false });
  worker.on('error', () => undefined);
  closing.push(() => worker.close());
  return copies[0];
}

test('BullMQ waits for jobs on a copy that keeps the options of the client it is given', async () => {
  const copy = blockingClientOf(redis);
  expect(copy?.options.lazyConnect).toBe(true); // the copy inherits what this patch removes
});

test('copies connect by themselves', async () => {
  makeCopiesEager(redis);
  expect(blockingClientOf(redis)?.options.lazyConnect).toBe(false);
  const copy = redis.duplicate();
  closing.push(() => copy.disconnect());
  expect(copy.status).toBe('connecting'); // a lazy copy would still be in 'wait'
});
