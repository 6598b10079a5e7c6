import type { Renewal, StoredGrant } from '@agenthook/contracts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TEST_SECRET_KEY, testContext } from '../../test/context.js';
import { DAMAGE } from '../../test/damage.js';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { rotateSecretKey } from '../secrets/rotate-secret-key.js';
import { createSecretBox } from '../secrets/secret-box.js';
import { createAgent } from './create-agent.js';
import { deleteAgent } from './delete-agent.js';
import { grantsOf } from './oauth-grants.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let id: string;
beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
  ({ id } = await createAgent(ctx, { name: 'a' }, 'sandbox:echo'));
});
afterAll(() => env?.close());

const grant = (n: number) => ({
  access_token: `access-${n}`,
  refresh_token: `refresh-token-${n}`,
  left_ms: 60_000,
});

test('a grant survives, sealed, and is renewed by one at a time', async () => {
  let now = 0;
  let most = 0;
  let fetched = 0;
  const seen: unknown[] = [];
  const renew = () =>
    grantsOf(ctx, id).renew('one', async (stored) => {
      most = Math.max(most, ++now);
      seen.push(stored?.refresh_token);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now--;
      return stored ?? grant(++fetched);
    });
  const renewed = await Promise.all([renew(), renew(), renew()]);
  expect([most, fetched]).toEqual([1, 1]);
  expect(renewed.map((each) => each?.access_token)).toEqual(['access-1', 'access-1', 'access-1']);
  expect(seen).toEqual([undefined, 'refresh-token-1', 'refresh-token-1']);
  const [stored] = await ctx.redis.hvals(keys.agentGrants(id));
  expect(stored).not.toMatch(/access-1|refresh-token-1/);
  expect(await ctx.redis.exists(keys.granting('one'))).toBe(0);
});

test.each(DAMAGE)('a stored grant that is %s is fetched again', async (damage) => {
  await ctx.redis.hset(keys.agentGrants(id), 'bad', damage);
  const renewed = await grantsOf(ctx, id).renew('bad', async (stored) => stored ?? grant(8));
  expect(renewed).toEqual(grant(8));
  expect(await grantsOf(ctx, id).renew('bad', async (stored) => stored ?? grant(9))).toMatchObject({
    access_token: 'access-8',
  });
  await ctx.redis.hdel(keys.agentGrants(id), 'bad');
});

test('a worker that dies in its turn leaves it to others, and one that was too slow does not end theirs', async () => {
  await ctx.redis.set(keys.granting('two'), 'another worker', 'PX', 200);
  const before = performance.now();
  expect(await grantsOf(ctx, id).renew('two', async () => grant(2))).toEqual(grant(2));
  expect(performance.now() - before).toBeGreaterThan(150);
  await grantsOf(ctx, id).renew('two', async (stored) => {
    await ctx.redis.set(keys.granting('two'), 'another worker');
    return stored ?? grant(0);
  });
  expect(await ctx.redis.getdel(keys.granting('two'))).toBe('another worker');
});

test('a failed renewal keeps what is stored, and ends the turn', async () => {
  const failed = grantsOf(ctx, id).renew('two', () => Promise.reject(new Error('refused')));
  await expect(failed).rejects.toThrow('refused');
  const again = await grantsOf(ctx, id).renew('two', async (stored) => stored ?? grant(0));
  expect(again).toMatchObject({ refresh_token: 'refresh-token-2' });
});

test('a request whose answer nobody has stored is known to the next worker', async () => {
  const { id: other } = await createAgent(ctx, { name: 'd' }, 'sandbox:echo');
  const begins: (number | undefined)[] = [];
  const row = async () =>
    JSON.parse((await ctx.redis.hget(keys.agentGrants(other), 'one')) ?? '{}') as { asking_ms?: number };
  /** `end` is what happens after the server was asked. */
  const ask = (end: (renewal: Renewal) => Promise<StoredGrant>) =>
    grantsOf(ctx, other)
      .renew('one', async (_stored, renewal) => {
        begins.push(await renewal.begin());
        return await end(renewal);
      })
      .catch(() => undefined);
  const lost = () => Promise.reject(new Error('as if the worker had died'));
  await ask(lost);
  const { asking_ms: first } = await row();
  expect(first).toEqual(expect.any(Number));
  await ask(async () => grant(1));
  expect((await row()).asking_ms).toBeUndefined();
  await ask(lost);
  const { asking_ms: second } = await row();
  await ask(async (renewal) => {
    await renewal.refused();
    return await lost();
  });
  await ask(lost);
  expect(begins).toEqual([undefined, first, undefined, second, undefined]);
  // What was stored is still there.
  const kept = await grantsOf(ctx, other).renew('one', async (stored) => stored ?? grant(0));
  expect(kept).toMatchObject({ refresh_token: 'refresh-token-1' });
  await deleteAgent(ctx, other);
});

test('a note about a request changes nothing of a row that it could not read, or that has changed', async () => {
  const { id: other } = await createAgent(ctx, { name: 'e' }, 'sandbox:echo');
  const row = keys.agentGrants(other);
  await grantsOf(ctx, other).renew('one', async () => grant(1));
  const stored = await ctx.redis.hget(row, 'one');
  const { hget } = ctx.redis;
  await grantsOf(ctx, other).renew('one', async (held, renewal) => {
    // Between the reading and the writing, another worker stores a new token.
    ctx.redis.hget = (async (...args: [string, string]) => {
      const json = await hget.apply(ctx.redis, args);
      await ctx.redis.hset(row, 'one', `${stored} `);
      return json;
    }) as typeof hget;
    await renewal.begin();
    expect(await hget.call(ctx.redis, row, 'one')).toBe(`${stored} `);
    ctx.redis.hget = (() => Promise.reject(new Error('Command timed out'))) as typeof hget;
    expect(await renewal.begin()).toBeUndefined();
    ctx.redis.hget = hget;
    expect(await ctx.redis.hget(row, 'one')).toBe(`${stored} `);
    return held ?? grant(0);
  });
  await deleteAgent(ctx, other);
});

test('a grant that Redis does not take is used from memory, and stored once it does', async () => {
  const { id: other } = await createAgent(ctx, { name: 'b' }, 'sandbox:echo');
  const grants = grantsOf(ctx, other);
  const row = keys.agentGrants(other);
  await grants.renew('one', async () => grant(1));
  // A value of another type makes the write fail.
  const renewed = await grants.renew('one', async () => {
    await ctx.redis.rename(row, `${row}:aside`);
    await ctx.redis.set(row, 'not a hash');
    return grant(2);
  });
  expect(renewed).toMatchObject({ refresh_token: 'refresh-token-2' });
  const held = await grantsOf(ctx, other)
    .renew('none', async (stored) => stored ?? grant(0))
    .catch(() => 'away');
  expect(held).toBe('away');
  await ctx.redis.rename(`${row}:aside`, row);
  const now = (from: Context) => grantsOf(from, other).renew('one', async (stored) => stored ?? grant(0));
  expect(await now(ctx)).toMatchObject({ refresh_token: 'refresh-token-2' });
  // Another worker, which has its own memory.
  await until(async () => (await now({ ...ctx }))?.refresh_token === 'refresh-token-2');
  await deleteAgent(ctx, other);
});

/** Waits until something holds, for 5 s at most. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let n = 0; n < 100; n++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it never held');
}

test('a grant that was kept in memory does not replace a later one', async () => {
  const { id: other } = await createAgent(ctx, { name: 'c' }, 'sandbox:echo');
  const row = keys.agentGrants(other);
  await grantsOf(ctx, other).renew('one', async () => {
    await ctx.redis.set(row, 'not a hash');
    return grant(1);
  });
  await ctx.redis.del(row);
  // Another worker, which has its own memory.
  await grantsOf({ ...ctx }, other).renew('one', async () => grant(2));
  await new Promise((resolve) => setTimeout(resolve, 500));
  const seen = await grantsOf({ ...ctx }, other).renew('one', async (stored) => stored ?? grant(0));
  expect(seen).toMatchObject({ refresh_token: 'refresh-token-2' });
  await deleteAgent(ctx, other);
});

test('the oldest of too many goes', async () => {
  const grants = grantsOf(ctx, id);
  for (let n = 0; n < 55; n++) await grants.renew(`many-${n}`, async () => grant(n));
  expect(await ctx.redis.hlen(keys.agentGrants(id))).toBe(50);
  expect(await ctx.redis.hexists(keys.agentGrants(id), 'many-54')).toBe(1);
  expect(await ctx.redis.hexists(keys.agentGrants(id), 'one')).toBe(0);
});

test('a rotation of SECRET_KEY seals grants again', async () => {
  const next = 'the next key of enough length';
  expect(await rotateSecretKey(ctx.redis, next, TEST_SECRET_KEY, () => undefined)).toMatchObject({
    outcome: 'rotated',
    values: 50,
  });
  const secrets = createSecretBox(next);
  const later: Context = Object.create(ctx, { secrets: { value: secrets } });
  const kept = await grantsOf(later, id).renew('many-54', async (stored) => stored ?? grant(0));
  expect(kept).toMatchObject({ refresh_token: 'refresh-token-54' });
});

test('a deleted agent gets none, and leaves none', async () => {
  await deleteAgent(ctx, id);
  expect(await ctx.redis.exists(keys.agentGrants(id))).toBe(0);
  await grantsOf(ctx, id).renew('late', async () => grant(1));
  expect(await ctx.redis.exists(keys.agentGrants(id))).toBe(0);
});
