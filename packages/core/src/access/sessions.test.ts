import { MAX_SESSIONS_PER_KEY } from '@agenthook/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { hashToken } from '../secrets/random-token.js';
import { ADMIN_CALLER } from './admin-caller.js';
import { createApiKey } from './create-api-key.js';
import { endSession, revokeSession } from './end-session.js';
import type { Caller } from './find-caller.js';
import { findSession } from './find-session.js';
import { listSessions } from './list-sessions.js';
import { revokeApiKey } from './revoke-api-key.js';
import { startSession } from './start-session.js';

const ADMIN_KEY = 'the key of the environment';
const HOUR_MS = 3_600_000;
let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(() => ctx.redis.flushdb());
afterAll(() => env?.close());

const find = (token: string) => findSession(ctx, token, ADMIN_KEY);
const callerOf = async (token: string): Promise<Caller> => (await find(token))?.caller as Caller;
async function signedIn(name: string, role: 'viewer' | 'operator' | 'admin' = 'viewer') {
  const { id, key } = await createApiKey(ctx, { name, role });
  const token = await startSession(ctx, key, id);
  return { id, key, token };
}
/** Advances the test's clock, and shortens the session's remaining time in Redis by the same amount. */
async function pass(token: string, ms: number): Promise<void> {
  env.advance(ms);
  const name = keys.session(hashToken(token));
  const left = await ctx.redis.pttl(name);
  await ctx.redis.pexpire(name, Math.max(1, left - ms));
}

test('a session that is used all the time ends seven days after its start', async () => {
  const token = await startSession(ctx, ADMIN_KEY, null);
  const ends = ctx.now() + 7 * 24 * HOUR_MS;
  let longest = 0;
  for (let hours = 0; hours < 7 * 24 - 10; hours += 10) {
    await pass(token, 10 * HOUR_MS);
    longest = Math.max(longest, (await callerOf(token)).expires_ms ?? 0);
  }
  expect(longest).toBeGreaterThan(ends - HOUR_MS);
  expect(longest).toBeLessThanOrEqual(ends + 1_000);
  env.advance(8 * HOUR_MS); // even if Redis still stored it, the session would be over
  expect(await find(token)).toBeUndefined();
  expect((await listSessions(ctx, ADMIN_CALLER, { limit: 9 })).sessions).toEqual([]);
});

test('an admin sees all sessions, newest first and in pages, others those of their own key', async () => {
  const admin = await startSession(ctx, ADMIN_KEY, null);
  env.advance(1);
  const ada = await signedIn('Ada');
  env.advance(1);
  const bob = await signedIn('Bob', 'operator');
  env.advance(1);
  const second = await startSession(ctx, ada.key, ada.id);

  const first = await listSessions(ctx, await callerOf(admin), { limit: 3 });
  const rest = await listSessions(ctx, await callerOf(admin), { limit: 3, cursor: first.next_cursor ?? '' });
  const all = [...first.sessions, ...rest.sessions];
  expect(all.map(({ name, role, current }) => [name, role, current])).toEqual([
    ['Ada', 'viewer', false],
    ['Bob', 'operator', false],
    ['Ada', 'viewer', false],
    ['ADMIN_API_KEY', 'admin', true],
  ]);
  expect(rest.next_cursor).toBeNull();
  const listed = JSON.stringify(all);
  for (const token of [admin, ada.token, bob.token, second]) {
    expect(listed).not.toContain(token.slice(4));
    expect(listed).not.toContain(hashToken(token));
  }
  const own = await listSessions(ctx, await callerOf(ada.token), { limit: 9 });
  expect(own.sessions.map(({ key_id, current }) => [key_id, current])).toEqual([
    [ada.id, false],
    [ada.id, true],
  ]);
  await expect(listSessions(ctx, ADMIN_CALLER, { limit: 9, cursor: 'x' })).rejects.toMatchObject({
    code: 'invalid_request',
  });
});

test('a session is revoked by its id: any by an admin, those of their own key by others', async () => {
  const [ada, bob] = [await signedIn('Ada'), await signedIn('Bob')];
  const { sessions } = await listSessions(ctx, ADMIN_CALLER, { limit: 9 });
  const idOf = (name: string) => sessions.find((session) => session.name === name)?.id ?? '';
  const unknown = { code: 'unknown_session' };
  await expect(revokeSession(ctx, await callerOf(ada.token), idOf('Bob'))).rejects.toMatchObject(unknown);
  expect(await find(bob.token)).toBeDefined();
  await revokeSession(ctx, await callerOf(ada.token), idOf('Ada'));
  expect(await find(ada.token)).toBeUndefined();
  await revokeSession(ctx, ADMIN_CALLER, idOf('Bob'));
  expect(await find(bob.token)).toBeUndefined();
  for (const id of [idOf('Bob'), 'ses_', 'ses_0', '-', hashToken(bob.token)])
    await expect(revokeSession(ctx, ADMIN_CALLER, id)).rejects.toMatchObject(unknown);
});

test('one that was signed out, or whose key is gone, is not listed', async () => {
  const [ada, bob] = [await signedIn('Ada'), await signedIn('Bob')];
  await endSession(ctx, ada.token);
  await revokeApiKey(ctx, bob.id);
  expect((await listSessions(ctx, ADMIN_CALLER, { limit: 9 })).sessions).toEqual([]);
});

test('a key has so many sessions and no more: the oldest ends, those of others stay', async () => {
  const ada = await signedIn('Ada');
  const admin = await startSession(ctx, ADMIN_KEY, null);
  const tokens: string[] = [];
  for (let n = 0; n < MAX_SESSIONS_PER_KEY; n++) {
    env.advance(1);
    tokens.push(await startSession(ctx, ada.key, ada.id));
  }
  expect(await find(ada.token)).toBeUndefined();
  expect(await find(tokens[0] ?? '')).toBeDefined();
  expect(await find(admin)).toBeDefined();
  expect(await ctx.redis.zcard(keys.sessionIndex)).toBe(MAX_SESSIONS_PER_KEY + 1);
});

test('the last use is told to within ten minutes', async () => {
  const token = await startSession(ctx, ADMIN_KEY, null);
  const used = async () => {
    await find(token);
    const [session] = (await listSessions(ctx, ADMIN_CALLER, { limit: 9 })).sessions;
    return ctx.now() - Date.parse(session?.last_used_at ?? '');
  };
  expect(await used()).toBeLessThan(5_000);
  await pass(token, 11 * 60_000);
  expect(await used()).toBeLessThan(5_000);
});

test('what was stored before sessions had ids ends', async () => {
  const token = await startSession(ctx, ADMIN_KEY, null);
  await ctx.redis.set(keys.session(hashToken(token)), 'admin:something', 'PX', 60_000);
  expect(await find(token)).toBeUndefined();
});
