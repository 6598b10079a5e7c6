import { freshRedis } from '@agenthook/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { commandOf, extendScript, shareScript } from './script-set.js';

let redis: Redis;
let other: Redis;
let queue: Queue;

beforeAll(async () => {
  const { url, close } = await freshRedis();
  await close();
  redis = new Redis(url, { maxRetriesPerRequest: null });
  other = new Redis(url);
  queue = new Queue('scripts', { connection: redis });
  await queue.waitUntilReady();
});
afterAll(async () => {
  await queue?.close();
  redis?.disconnect();
  other?.disconnect();
});

type Run = (...args: (string | number)[]) => Promise<string>;

test('BullMQ runs what a script of its own was made into, once however often', async () => {
  const job = await queue.add('job', {});
  const countRemovals = (lua: string) => `redis.call('INCR', 'removals')\n${lua}`;
  extendScript(redis, /^removeJob:/, countRemovals);
  extendScript(redis, /^removeJob:/, countRemovals);
  await job.remove();
  expect(await redis.get('removals')).toBe('1');
});

test('a script under a new name leaves the old one as it is, and other connections can have it', async () => {
  const before = await queue.add('job', {});
  extendScript(redis, /^pause:/, () => "return 'ours'", 'oursOnly');
  expect(await commandOf<Run>(redis, 'oursOnly')(...(await keysOf()))).toBe('ours');
  await queue.pause();
  expect(await queue.isPaused()).toBe(true);
  shareScript(redis, other, 'oursOnly');
  expect(await commandOf<Run>(other, 'oursOnly')(...(await keysOf()))).toBe('ours');
  await before.remove();
});

/** As many keys as BullMQ's script has. */
async function keysOf(): Promise<string[]> {
  const { scriptsSet } = redis as unknown as { scriptsSet: Record<string, { numberOfKeys: number }> };
  return Array.from({ length: scriptsSet.oursOnly?.numberOfKeys ?? 0 }, (_, n) => `key${n}`);
}

test.each([/^noSuchScript:/, /^move/])(
  'a name that fits none or several scripts, as %s does, is refused',
  (like) => {
    expect(() => extendScript(redis, like, (lua) => lua)).toThrow(/in another way than this version/);
  },
);
