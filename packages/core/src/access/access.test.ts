import { MAX_API_KEYS } from '@agenthook/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import { createApiKey } from './create-api-key.js';
import { findCaller } from './find-caller.js';
import { findSession } from './find-session.js';
import { listApiKeys } from './list-api-keys.js';
import { revokeApiKey } from './revoke-api-key.js';
import { startSession } from './start-session.js';

let opened: Awaited<ReturnType<typeof testContext>>;

beforeAll(async () => {
  opened = await testContext();
});
beforeEach(() => opened.ctx.redis.flushdb());
afterAll(() => opened?.close());

const viewer = { name: ' A dashboard ', role: 'viewer' } as const;
const at = (seconds: number) => new Date(opened.ctx.now() + seconds * 1000).toISOString();

describe('an API key', () => {
  test('is shown once and told apart by its last characters', async () => {
    const { ctx } = opened;
    const { key, ...made } = await createApiKey(ctx, { ...viewer, see_payloads: false });
    expect(key).toMatch(/^ahk_[\w-]{43}$/);
    expect(made).toEqual({
      id: expect.stringMatching(/^key_[0-9a-f]{24}$/),
      ...{ name: 'A dashboard', role: 'viewer', see_payloads: false, key_hint: key.slice(-4) },
      ...{ created_at: expect.any(String), last_used_at: null, expires_at: null },
    });
    expect(await listApiKeys(ctx)).toEqual([made]);
    expect(await findCaller(ctx, key)).toMatchObject({
      role: 'viewer',
      see_payloads: false,
      key_id: made.id,
    });
    expect(await findCaller(ctx, `${key.slice(0, -1)}_`)).toBeUndefined();
  });

  test('tells its last use to within a minute, without writing at each', async () => {
    const { ctx, advance } = opened;
    const { key } = await createApiKey(ctx, viewer);
    const lastUsed = async () => (await listApiKeys(ctx))[0]?.last_used_at;
    await findCaller(ctx, key);
    const first = await lastUsed();
    expect(first).not.toBeNull();
    advance(59_000);
    await findCaller(ctx, key);
    expect(await lastUsed()).toBe(first);
    advance(2_000);
    await findCaller(ctx, key);
    expect(Date.parse((await lastUsed()) ?? '') - Date.parse(first ?? '')).toBeGreaterThanOrEqual(60_000);
  });

  test('opens nothing once it has expired, and stays in the list as not used since', async () => {
    const { ctx, advance } = opened;
    const { key, expires_at } = await createApiKey(ctx, { ...viewer, expires_at: at(60) });
    const session = await startSession(ctx, key, 'key_1');
    expect((await findSession(ctx, session, ''))?.caller.expires_ms).toBe(Date.parse(expires_at ?? ''));
    advance(61_000);
    expect(await findCaller(ctx, key)).toBeUndefined();
    expect(await findSession(ctx, session, '')).toBeUndefined();
    expect((await listApiKeys(ctx))[0]?.expires_at).toBe(expires_at);
    expect(await ctx.redis.keys('*session:*')).toEqual([]);
  });

  test('leaves nothing behind when it is revoked', async () => {
    const { ctx } = opened;
    const { id, key } = await createApiKey(ctx, viewer);
    const { key: other } = await createApiKey(ctx, viewer);
    await findCaller(ctx, key);
    await revokeApiKey(ctx, id);
    expect(await findCaller(ctx, key)).toBeUndefined();
    expect(await findCaller(ctx, other)).toBeDefined();
    await expect(revokeApiKey(ctx, id)).rejects.toMatchObject({ code: 'unknown_api_key' });
    expect(await listApiKeys(ctx)).toHaveLength(1);
  });

  test('opens, and can be revoked, whatever text its name is', async () => {
    const { ctx } = opened;
    const { id, key } = await createApiKey(ctx, { ...viewer, name: 'cut within an emoji \ud83d' });
    const other = await createApiKey(ctx, viewer);
    expect(await findCaller(ctx, key)).toMatchObject({ key_id: id });
    for (const made of [other.id, id]) await revokeApiKey(ctx, made);
    expect(await listApiKeys(ctx)).toEqual([]);
  });

  test.each([
    ['a time that has passed', { expires_at: '2020-01-01T00:00:00Z' }, '/expires_at'],
    ['a day without a time', { expires_at: '2999-01-01' }, '/expires_at'],
    ['a month that is none', { expires_at: '2999-13-01T00:00:00Z' }, '/expires_at'],
    ['a time without a zone', { expires_at: '2999-01-01T00:00:00' }, '/expires_at'],
    ['an admin who may not see', { role: 'admin' as const, see_payloads: false }, '/see_payloads'],
  ])('is not made of %s', async (_name, input, path) => {
    const made = createApiKey(opened.ctx, { ...viewer, ...input });
    await expect(made).rejects.toMatchObject({ code: 'invalid_request', issues: [{ path }] });
    expect(await listApiKeys(opened.ctx)).toEqual([]);
  });

  test(`is refused beyond ${MAX_API_KEYS}`, async () => {
    const { ctx } = opened;
    const made = await Promise.all(Array.from({ length: MAX_API_KEYS }, () => createApiKey(ctx, viewer)));
    await expect(createApiKey(ctx, viewer)).rejects.toMatchObject({ code: 'too_many_api_keys' });
    await revokeApiKey(ctx, made[7]?.id ?? '');
    await createApiKey(ctx, viewer);
    expect(await listApiKeys(ctx)).toHaveLength(MAX_API_KEYS);
  });
});
