import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { testContext } from '../../../test/context.js';
import type { Context } from '../../context.js';
import { hourOf } from '../../queue/hour.js';
import { ALL_AGENTS, keys } from '../../redis/keys.js';
import { evaluateAlerts } from '../evaluate.js';
import { changeRule, createRule } from '../rule-store.js';

const DAY_MS = 86_400_000;
const NANO = 1e9;

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let midnight: number;
let places: Map<string, string>;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(async () => {
  await ctx.redis.flushdb();
  places = new Map();
  midnight = (Math.floor(ctx.now() / DAY_MS) + 1) * DAY_MS;
  env.advance(midnight - 30_000 - ctx.now());
});
afterAll(() => env?.close());

/** Runs that ended `ms` after midnight have cost so much. */
const spend = (usd: number, ms: number) =>
  ctx.redis.hincrby(keys.stats(0, ALL_AGENTS, hourOf(midnight + ms)), 'cost_nano', usd * NANO);
const rule = () => createRule(ctx, { name: 'Costs', type: 'spend', usd: 10, per: 'day' });
const look = () => evaluateAlerts(ctx, places);
/** The texts of all alerts, oldest first, and how many are open. */
async function alerts() {
  const ids = await ctx.redis.zrange(keys.alerts, '0', '-1');
  const rows = await Promise.all(ids.map((id) => ctx.redis.hget(keys.alert(id), 'about')));
  const texts = rows.map((row) => String(JSON.parse(row ?? '{}').text).replace(/^.*has/, ''));
  return { texts, open: await ctx.redis.hlen(keys.openAlerts) };
}

test('a limit that was crossed in the last seconds of a day is told once', async () => {
  await rule();
  await look();
  await spend(12, -5_000);
  env.advance(40_000);
  await look();
  const day = new Date(midnight - 1).toISOString().slice(0, 10);
  const told = { texts: [` spent $12.00 in the day ${day} (limit $10.00).`], open: 0 };
  expect(await alerts()).toEqual(told);
  for (const _ of [1, 2, 3]) {
    env.advance(5 * 60_000);
    await look();
    expect(await alerts()).toEqual(told);
  }
});

test('also if it is counted, or a process looks, only later', async () => {
  await rule();
  env.advance(40_000);
  await look();
  await spend(12, -5_000);
  env.advance(60_000);
  await look();
  expect((await alerts()).texts).toHaveLength(1);

  await ctx.redis.flushdb();
  await rule();
  await look();
  await spend(12, 3_600_000);
  env.advance(DAY_MS + 8 * 3_600_000);
  await look();
  expect((await alerts()).texts).toHaveLength(1);
});

test('an alert of the day before ends, and is not told again', async () => {
  await rule();
  await spend(12, -60_000);
  await look();
  expect((await alerts()).open).toBe(1);
  env.advance(40_000);
  await look();
  expect(await alerts()).toMatchObject({ texts: [expect.stringContaining('this day')], open: 0 });
  await spend(11, 20_000);
  env.advance(30_000);
  await look();
  expect(await alerts()).toMatchObject({ texts: [expect.anything(), expect.anything()], open: 1 });
  env.advance(30_000);
  await look();
  expect((await alerts()).texts).toHaveLength(2);
});

test('a rule that is changed after midnight does not look at the day before', async () => {
  const { id } = await rule();
  await spend(8, -60_000);
  await look();
  env.advance(60_000);
  await changeRule(ctx, id, { usd: 5 });
  await look();
  expect((await alerts()).texts).toEqual([]);
});
