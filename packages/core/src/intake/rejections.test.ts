import { MAX_REJECTIONS, SHOWN_REJECTION_BYTES } from '@agenthook/contracts';
import { postOf } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { countCommands, testContext } from '../../test/context.js';
import { createAgent } from '../agents/create-agent.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { countRefused } from '../stats/count-refused.js';
import { listRejections } from './list-rejections.js';
import { createPace } from './pace.js';
import { keepEvent, MAX_KEPT_BODY_BYTES, type StoredRejection } from './rejection-store.js';
import { resolveWebhook } from './resolve-webhook.js';
import { trigger } from './trigger.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let agentId: string;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(async () => {
  await ctx.redis.flushdb();
  agentId = (await createAgent(ctx, { name: 'a' }, 'sandbox:echo')).id;
});
afterAll(() => env?.close());

const rowOf = (bytes: number): StoredRejection => ({
  at: new Date(ctx.now()).toISOString(),
  code: 'invalid_json',
  detail: 'no',
  method: 'POST',
  content_type: null,
  headers: {},
  body_bytes: bytes,
  accepted: null,
});
const keep = (body: Buffer) => keepEvent(ctx, agentId, 'rejected', rowOf(body.length), body);
const all = async () => (await listRejections(ctx, agentId, { limit: 100 })).rejections;

test('the last hundred are kept', async () => {
  for (let n = 0; n < MAX_REJECTIONS + 5; n++) {
    env.advance(1);
    await keep(Buffer.from(`n${n}`));
  }
  const bodies = (await all()).map(({ body }) => body);
  expect([bodies.length, bodies[0], bodies.at(-1)]).toEqual([100, 'n104', 'n5']);
  expect(await ctx.redis.hlen(keys.agentRejectedBodies(agentId))).toBe(100);
});

test('a body that is too large is kept in part, and says so', async () => {
  await keep(Buffer.alloc(MAX_KEPT_BODY_BYTES + 1, 'x'));
  expect(await all()).toMatchObject([
    { body: 'x'.repeat(SHOWN_REJECTION_BYTES), body_bytes: MAX_KEPT_BODY_BYTES + 1, truncated: true },
  ]);
  await keep(Buffer.alloc(MAX_KEPT_BODY_BYTES, 'y'));
  expect(await all()).toMatchObject([{ body: 'y'.repeat(SHOWN_REJECTION_BYTES), truncated: false }, {}]);
});

test('all bodies of an agent take 10 MiB at most: the oldest are cut', async () => {
  for (let n = 0; n < 60; n++) {
    env.advance(1);
    await keep(Buffer.alloc(MAX_KEPT_BODY_BYTES, 'x'));
  }
  const bodies = await ctx.redis.hvals(keys.agentRejectedBodies(agentId));
  expect(bodies.reduce((total, body) => total + body.length, 0)).toBeLessThan(10 * 1024 * 1024);
  const whole = (await all()).map(({ truncated }) => !truncated);
  expect(whole.filter(Boolean).length).toBeGreaterThan(25);
  expect(whole).toEqual(whole.toSorted((a, b) => Number(b) - Number(a)));
});

test('they are kept as long as results', async () => {
  await keep(Buffer.from('old'));
  env.advance(ctx.resultTtlSeconds * 1000 + 1);
  expect(await all()).toEqual([]);
  await keep(Buffer.from('new'));
  expect(await ctx.redis.hlen(keys.agentRejections(agentId))).toBe(1);
  expect(await ctx.redis.ttl(keys.agentRejections(agentId))).toBeGreaterThan(ctx.resultTtlSeconds - 60);
});

test('an agent that is gone gets none', async () => {
  await keepEvent(ctx, 'agt_gone', 'rejected', rowOf(1), Buffer.from('x'));
  expect(await ctx.redis.keys('*reject*')).toEqual([]);
});

test('a burst of refused requests is kept; a flood is answered, and no more than so many of it are kept', async () => {
  const { token } = await mintWebhook(ctx, agentId, 0);
  let clock = ctx.now();
  const still: Context = { ...ctx, now: () => clock, rejectionPace: createPace({ burst: 20, perSecond: 5 }) };
  const request = { token, ...postOf('{') };
  const flood = async () => {
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => trigger(still, request)));
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['rejected']));
    // Redis answers this command after the earlier writes.
    await ctx.redis.ping();
    return (await all()).length;
  };
  expect(await flood()).toBe(20);
  clock += 1_000;
  expect(await flood()).toBe(25);
});

test('a refused request costs Redis three commands, and two where it is only counted', async () => {
  const { token } = await mintWebhook(ctx, agentId, 0);
  const one: Context = {
    ...ctx,
    rejectionPace: createPace({ burst: 1, perSecond: 1 }),
    now: () => 1_700_000_000_000,
  };
  const request = { token, ...postOf('{') };
  // Redis caches the scripts here; an unknown script would be sent twice.
  await Promise.all([
    keep(Buffer.from('{')),
    countRefused(ctx, agentId, { field: 'rejected' }),
    resolveWebhook(ctx, token),
  ]);
  const counts = countCommands(ctx.redis);
  await trigger(one, request);
  expect(Object.fromEntries(counts)).toEqual({ evalsha: 3 });
  await trigger(one, request);
  expect(Object.fromEntries(counts)).toEqual({ evalsha: 5 });
});

test('a Redis that refuses the write changes no answer', async () => {
  const { token } = await mintWebhook(ctx, agentId, 0);
  await ctx.redis.set(keys.agentRejections(agentId), 'no hash');
  const request = { token, ...postOf('{') };
  expect(await trigger(ctx, request)).toMatchObject({ outcome: 'rejected', code: 'invalid_json' });
});
