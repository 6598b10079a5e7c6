import { afterAll, beforeAll, expect } from '@jest/globals';
import { type RedisServer, type Stack, startRedisServer, startStack } from '../../index.js';
import { test } from '../browser-test.js';
import { openStudio } from './open-studio.js';

let redis: RedisServer;
let stack: Stack;

beforeAll(async () => {
  redis = await startRedisServer({ aof: true });
  stack = await startStack({ redisUrl: redis.url });
});
afterAll(async () => {
  await stack?.stop();
  await redis?.stop();
});

test.each(['ended', 'frozen'])(
  'while Redis is %s, the Studio says so within 2 s, and opens by itself',
  async (how) => {
    const { context, page } = await openStudio(stack);
    if (how === 'ended') await redis.down();
    else redis.pause();
    try {
      await page.goto('/runs', { waitUntil: 'commit' });
      const from = Date.now();
      await page.getByRole('alert').waitFor();
      // On this machine other suites run, so the limit has a margin.
      expect(Date.now() - from).toBeLessThan(4_000);
      expect(await page.getByRole('alert').textContent()).toMatch(/does not answer|unavailable|Waiting/i);
    } finally {
      if (how === 'ended') await redis.restart();
      else redis.resume();
    }
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    await context.close();
  },
  120_000,
);
