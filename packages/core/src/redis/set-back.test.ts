import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import type { Context } from '../context.js';
import { DELAYED_SCORE_UNIT, PARKED_UNTIL_MS } from '../queue/parked.js';
import { keys, taskPrefix } from './keys.js';
import { followSetBack } from './set-back.js';

const HOURS_MS = 2 * 3_600_000;
const PARKED = PARKED_UNTIL_MS * DELAYED_SCORE_UNIT;

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(() => ctx.redis.flushdb());
afterAll(() => env?.close());

/** Stores what waits as it was before Redis's clock was set back by so many ms. */
async function setBack(ms: number): Promise<void> {
  const { redis } = ctx;
  await followSetBack(ctx);
  const before = Date.now() + ms;
  await Promise.all([redis.set(keys.clock, before), redis.set(keys.shardClock(0), before)]);
  await redis.zadd(
    keys.delayedJobs(0),
    (before + 30_000) * DELAYED_SCORE_UNIT,
    'soon',
    (before - 5_000) * DELAYED_SCORE_UNIT,
    'late',
    PARKED,
    'parked',
  );
  await redis.zadd(keys.ended(0), before + 4_000, 'claimed');
  await redis.zadd(keys.schedules, before + 60_000, 'a:s');
  await redis.lpush(keys.activeJobs(0), 'dead', 'held');
  await redis.set(`${taskPrefix(0)}dead:lock`, 'worker', 'PXAT', before + 9_000);
  await redis.set(`${taskPrefix(0)}held:lock`, 'worker', 'PX', 9_000);
  await redis.set(`${taskPrefix(0)}stalled-check`, '1', 'PXAT', before + 4_000);
  await redis.set(keys.archiveTurn, '1', 'PXAT', before + 5_000);
}
/** In how many seconds an entry is due, rounded to tens. */
const dueIn = async (set: string, member: string, unit = 1) =>
  Math.round((Number(await ctx.redis.zscore(set, member)) / unit - Date.now()) / 10_000) * 10 + 0;

test('what waits for a time waits as long as before, and locks of the dead end', async () => {
  await setBack(HOURS_MS);
  await followSetBack(ctx);
  const delayed = keys.delayedJobs(0);
  expect(await dueIn(delayed, 'soon', DELAYED_SCORE_UNIT)).toBe(30);
  expect(await dueIn(delayed, 'late', DELAYED_SCORE_UNIT)).toBe(0);
  expect(Number(await ctx.redis.zscore(delayed, 'parked'))).toBe(PARKED);
  expect(await dueIn(keys.ended(0), 'claimed')).toBe(0);
  expect(await dueIn(keys.schedules, 'a:s')).toBe(0);
  expect(await ctx.redis.zcard(keys.queueMarker(0))).toBe(1);
  for (const [key, most] of [
    [`${taskPrefix(0)}dead:lock`, 9_000],
    [`${taskPrefix(0)}held:lock`, 9_000],
    [`${taskPrefix(0)}stalled-check`, 4_000],
    [keys.archiveTurn, 5_000],
  ] as const) {
    const left = await ctx.redis.pttl(key);
    expect([key, left > 0 && left <= most]).toEqual([key, true]);
  }
});

test('a lock that may have been set since the clock was set back stays', async () => {
  await setBack(55_000);
  const lock = `${taskPrefix(0)}held:lock`;
  await ctx.redis.set(lock, 'worker', 'PX', 60_000);
  await followSetBack(ctx);
  expect(await ctx.redis.pttl(lock)).toBeGreaterThan(30_000);
  expect(await dueIn(keys.delayedJobs(0), 'soon', DELAYED_SCORE_UNIT)).toBe(30);
});

test('it is moved once, and not at all if the clock was set back by a few seconds', async () => {
  await setBack(HOURS_MS);
  await followSetBack(ctx);
  await followSetBack(ctx);
  expect(await dueIn(keys.delayedJobs(0), 'soon', DELAYED_SCORE_UNIT)).toBe(30);
  await ctx.redis.flushdb();
  await setBack(10_000);
  await followSetBack(ctx);
  expect(await dueIn(keys.delayedJobs(0), 'soon', DELAYED_SCORE_UNIT)).toBe(40);
});
