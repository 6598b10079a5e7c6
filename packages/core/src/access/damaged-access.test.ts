import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import { DAMAGE } from '../../test/damage.js';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { hashToken } from '../secrets/random-token.js';
import { ADMIN_CALLER } from './admin-caller.js';
import { createApiKey } from './create-api-key.js';
import { revokeSession } from './end-session.js';
import { findCaller } from './find-caller.js';
import { findSession } from './find-session.js';
import { listApiKeys } from './list-api-keys.js';
import { listSessions } from './list-sessions.js';
import { revokeApiKey } from './revoke-api-key.js';
import { startSession } from './start-session.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(() => ctx.redis.flushdb());
afterAll(() => env?.close());

test('a damaged API key is revoked by the id that its text still has', async () => {
  const { id } = await createApiKey(ctx, { name: 'cut', role: 'operator' });
  const other = await createApiKey(ctx, { name: 'sound', role: 'operator' });
  for (const [hash, json] of Object.entries(await ctx.redis.hgetall(keys.apiKeys)))
    if (json.includes(id)) await ctx.redis.hset(keys.apiKeys, hash, json.slice(0, -5));
  expect((await listApiKeys(ctx)).map(({ name }) => name)).toEqual(['sound']);
  await revokeApiKey(ctx, id);
  expect(await ctx.redis.hlen(keys.apiKeys)).toBe(1);
  await expect(revokeApiKey(ctx, id)).rejects.toMatchObject({ code: 'unknown_api_key' });
  await revokeApiKey(ctx, other.id);
});

test('a damaged session leaves its place on a page to the next one', async () => {
  for (let n = 0; n < 6; n++) await startSession(ctx, 'key', null);
  const names = await ctx.redis.keys(`${keys.sessionPrefix}*`);
  for (const name of names.slice(0, 3)) await ctx.redis.set(name, '{}', 'KEEPTTL');
  const seen: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await listSessions(ctx, ADMIN_CALLER, { limit: 1, ...(cursor && { cursor }) });
    expect(page.sessions).toHaveLength(1);
    seen.push(...page.sessions.map(({ id }) => id));
    if (page.next_cursor === null || seen.length === 3) break;
    cursor = page.next_cursor;
  }
  expect(new Set(seen).size).toBe(3);
});

test('a page ends where many sessions are damaged, and the next one goes on there', async () => {
  const old = await startSession(ctx, 'key', null);
  await sleep(2);
  for (let n = 0; n < 25; n++) await startSession(ctx, 'key', null);
  const kept = `${keys.sessionPrefix}${hashToken(old)}`;
  for (const name of await ctx.redis.keys(`${keys.sessionPrefix}*`))
    if (name !== kept) await ctx.redis.set(name, '{}', 'KEEPTTL');
  const pages: number[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await listSessions(ctx, ADMIN_CALLER, { limit: 1, ...(cursor && { cursor }) });
    pages.push(page.sessions.length);
    if (page.next_cursor === null) break;
    cursor = page.next_cursor;
  }
  expect(pages).toEqual([0, 0, 1]);
});

describe.each(DAMAGE)('a row that is %s', (damage) => {
  test('of an API key opens nothing, and hides no other key', async () => {
    const [bad, sound] = [
      await createApiKey(ctx, { name: 'bad', role: 'admin' }),
      await createApiKey(ctx, { name: 'sound', role: 'viewer' }),
    ];
    for (const [hash, json] of Object.entries(await ctx.redis.hgetall(keys.apiKeys)))
      if (json.includes(bad.id)) await ctx.redis.hset(keys.apiKeys, hash, damage);
    expect((await listApiKeys(ctx)).map(({ name }) => name)).toEqual(['sound']);
    expect(await findCaller(ctx, bad.key)).toBeUndefined();
    expect(await findCaller(ctx, sound.key)).toMatchObject({ name: 'sound' });
    await revokeApiKey(ctx, sound.id);
    expect(await listApiKeys(ctx)).toEqual([]);
    const [hash = ''] = await ctx.redis.hkeys(keys.apiKeys);
    await revokeApiKey(ctx, `key_${hash}`);
    expect(await ctx.redis.hkeys(keys.apiKeys)).toEqual([]);
  });

  test('of a session opens nothing, and hides no other session', async () => {
    const bad = await startSession(ctx, 'key', null);
    const [session = ''] = await ctx.redis.keys(`${keys.sessionPrefix}*`);
    await ctx.redis.set(session, damage, 'KEEPTTL');
    // Sessions of one millisecond are listed in any order, and this test needs to know which comes first.
    const began = ctx.now();
    while (ctx.now() === began) await sleep(1);
    const sound = await startSession(ctx, 'key', null);
    const { sessions } = await listSessions(ctx, ADMIN_CALLER, { limit: 10 });
    expect(sessions).toHaveLength(1);
    const [first] = (await listSessions(ctx, ADMIN_CALLER, { limit: 1 })).sessions;
    expect(first?.id).toBe(sessions[0]?.id);
    expect((await findSession(ctx, sound, 'key'))?.caller.role).toBe('admin');
    expect(await findSession(ctx, bad, 'key')).toBeUndefined();
    await revokeSession(ctx, ADMIN_CALLER, sessions[0]?.id ?? '');
    expect((await listSessions(ctx, ADMIN_CALLER, { limit: 10 })).sessions).toEqual([]);
  });
});
