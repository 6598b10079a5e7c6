import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import type { Context } from '../context.js';
import { resolveWebhook } from '../intake/resolve-webhook.js';
import { keys } from '../redis/keys.js';
import { createAgent } from './create-agent.js';
import { deleteAgent } from './delete-agent.js';
import { getAgent } from './get-agent.js';
import { listAgents } from './list-agents.js';
import { listVersions } from './list-versions.js';
import { mintWebhook } from './mint-webhook.js';
import { endPreviousWebhook, revokeWebhook } from './revoke-webhook.js';
import { patchAgent, replaceAgent } from './update-agent.js';
import { readVersion } from './version-store.js';

const MODEL = 'sandbox:echo';
let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(() => ctx.redis.flushdb());
afterAll(() => env.close());

const create = (name = 'a') => createAgent(ctx, { name }, MODEL);

describe('agents', () => {
  test('get defaults, versions and no webhook', async () => {
    const agent = await create();
    expect(agent).toMatchObject({ name: 'a', model: MODEL, status: 'active', version: 1, webhook: null });
    expect(agent.limits).toMatchObject({ timeout_seconds: 300, max_attempts: 3, max_steps: 12 });
    expect(await getAgent(ctx, agent.id)).toEqual(agent);
  });

  test('keep every version as it was', async () => {
    const { id } = await create();
    await patchAgent(ctx, id, { system_prompt: 'two', limits: { max_attempts: 5 } });
    const third = await replaceAgent(ctx, id, { name: 'three' }, MODEL);
    expect(third).toMatchObject({
      version: 3,
      name: 'three',
      system_prompt: '',
      limits: { max_attempts: 3 },
    });
    const { versions } = await listVersions(ctx, id, { limit: 9 });
    expect(versions.map(({ version }) => version)).toEqual([3, 2, 1]);
    expect(await readVersion(ctx, id, 2)).toMatchObject({
      name: 'a',
      system_prompt: 'two',
      limits: { max_attempts: 5 },
    });
  });

  test('refuse a save of someone who has not seen the newest version', async () => {
    const { id } = await create();
    await patchAgent(ctx, id, { name: 'mine' }, { ifVersion: 1 });
    await expect(patchAgent(ctx, id, { name: 'theirs' }, { ifVersion: 1 })).rejects.toMatchObject({
      code: 'version_conflict',
    });
    expect(await getAgent(ctx, id)).toMatchObject({ name: 'mine', version: 2 });
  });

  test('lose no change of ten that are made at once', async () => {
    const { id } = await create();
    const saves = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) => patchAgent(ctx, id, { description: String(n) })),
    );
    const saved = saves.filter(({ status }) => status === 'fulfilled').length;
    expect(saved).toBeGreaterThan(0);
    expect((await listVersions(ctx, id, { limit: 20 })).versions).toHaveLength(saved + 1);
  });

  test('are listed newest first, page by page, and are gone once deleted', async () => {
    const ids: string[] = [];
    for (const name of ['1', '2', '3', '4', '5']) {
      ids.unshift((await create(name)).id);
      env.advance(1);
    }
    const first = await listAgents(ctx, { limit: 2 });
    const second = await listAgents(ctx, { limit: 2, cursor: first.next_cursor ?? '' });
    const third = await listAgents(ctx, { limit: 2, cursor: second.next_cursor ?? '' });
    expect([first, second, third].flatMap(({ agents }) => agents.map(({ id }) => id))).toEqual(ids);
    expect(third.next_cursor).toBeNull();
    await deleteAgent(ctx, ids[0] ?? '');
    await expect(getAgent(ctx, ids[0] ?? '')).rejects.toMatchObject({ code: 'unknown_agent' });
    expect((await listAgents(ctx, { limit: 9 })).agents).toHaveLength(4);
  });

  const ask = (answer_schema: Record<string, unknown>) => ({
    type: 'ask_human' as const,
    name: 'ask',
    answer_schema,
  });
  const wait = (body_schema: Record<string, unknown>) => ({
    type: 'wait_callback' as const,
    name: 'wait',
    body_schema,
  });

  test.each([
    ['a model without a provider', { model: 'gpt-5' }, 'unknown_model'],
    ['an unknown provider', { model: 'skynet:t800' }, 'unknown_model'],
    ['another sandbox model', { model: 'sandbox:real' }, 'unknown_model'],
    ['a template that does not parse', { input_template: '{% if %}' }, 'invalid_template'],
    ['an input schema that is none', { input_schema: { type: 'text' } }, 'invalid_schema'],
    ['an input schema that is elsewhere', { input_schema: { $ref: 'https://x.test/s' } }, 'invalid_schema'],
    ['an input schema that promises', { input_schema: { $async: true } }, 'invalid_schema'],
    ['an answer schema that is none', { tools: [ask({ type: 'text' })] }, 'invalid_schema'],
    ['a body schema that refers to nothing', { tools: [wait({ $ref: '#/none' })] }, 'invalid_schema'],
    [
      'an answer schema of 21,000 characters',
      { tools: [ask({ title: 'x'.repeat(21_000) })] },
      'invalid_schema',
    ],
    ['an input schema of 65 KiB', { input_schema: { title: 'x'.repeat(65 * 1024) } }, 'invalid_schema'],
    ['an output schema of 65 KiB', { output_schema: { title: 'x'.repeat(65 * 1024) } }, 'invalid_schema'],
  ])('are refused with %s, and nothing is stored', async (_name, patch, code) => {
    await expect(createAgent(ctx, { name: 'x', ...patch }, MODEL)).rejects.toMatchObject({ code });
    const { id } = await create();
    await expect(patchAgent(ctx, id, patch)).rejects.toMatchObject({ code });
    expect(await getAgent(ctx, id)).toMatchObject({ version: 1 });
  });
});

test('what a trigger reads of an agent stays small, and names what few agents have only for those', async () => {
  const gateOf = async (id: string) => JSON.parse((await ctx.redis.hget(keys.agent(id), 'gate')) ?? '');
  const { id } = await create();
  expect(await gateOf(id)).toEqual({ status: 'active', version: 1, max_attempts: 3, max_pending: 10_000 });
  const input_schema = { type: 'object', description: 'x'.repeat(10_000) };
  expect(await patchAgent(ctx, id, { input_schema, allow_get: true })).toMatchObject({ input_schema });
  expect(await gateOf(id)).toMatchObject({ version: 2, has_input_schema: true, allow_get: true });
  expect(JSON.stringify(await gateOf(id)).length).toBeLessThan(150);
});

describe('webhook tokens', () => {
  test('open their agent, are stored as a hash alone, and minding case', async () => {
    const { id } = await create();
    const { token } = await mintWebhook(ctx, id, 0);
    expect(token).toMatch(/^whk_[A-Za-z0-9_-]{43}$/);
    expect(await resolveWebhook(ctx, token)).toMatchObject({
      agentId: id,
      gate: { status: 'active', version: 1 },
    });
    const flipped = token.replace(/[a-z](?=[^a-z]*$)/i, (c) =>
      c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase(),
    );
    expect(flipped).not.toBe(token);
    expect(await resolveWebhook(ctx, flipped)).toBeUndefined();
    for (const key of await ctx.redis.keys('*')) {
      expect(key).not.toContain(token);
      if ((await ctx.redis.type(key)) === 'hash') {
        expect(JSON.stringify(await ctx.redis.hgetall(key))).not.toContain(token);
      }
    }
  });

  test('work on through the overlap after a rotation, and no longer', async () => {
    const { id } = await create();
    const { token: first } = await mintWebhook(ctx, id, 0);
    const { token: second, previous_expires_at } = await mintWebhook(ctx, id, 1);
    expect(Date.parse(previous_expires_at ?? '')).toBeGreaterThan(Date.now());
    expect(await resolveWebhook(ctx, first)).toBeDefined();
    expect((await getAgent(ctx, id)).webhook).toMatchObject({
      token_hint: second.slice(-4),
      previous_expires_at,
    });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(await resolveWebhook(ctx, first)).toBeUndefined();
    expect(await resolveWebhook(ctx, second)).toBeDefined();
    expect((await getAgent(ctx, id)).webhook?.previous_expires_at).toBeNull();
  });

  test('end at once without an overlap, and all but the last two in any case', async () => {
    const { id } = await create();
    const { token: first } = await mintWebhook(ctx, id, 0);
    const { token: second } = await mintWebhook(ctx, id, 3600);
    const { token: third } = await mintWebhook(ctx, id, 3600);
    expect(await resolveWebhook(ctx, first)).toBeUndefined();
    expect(await resolveWebhook(ctx, second)).toBeDefined();
    const { token: fourth } = await mintWebhook(ctx, id, 0);
    expect(await resolveWebhook(ctx, third)).toBeUndefined();
    expect(await resolveWebhook(ctx, second)).toBeUndefined();
    expect(await resolveWebhook(ctx, fourth)).toBeDefined();
  });

  test('from before a rotation are revoked on request, and the newest keeps working', async () => {
    const { id } = await create();
    const { token: first } = await mintWebhook(ctx, id, 0);
    const { token: second } = await mintWebhook(ctx, id, 3600);
    await endPreviousWebhook(ctx, id);
    expect(await resolveWebhook(ctx, first)).toBeUndefined();
    expect(await resolveWebhook(ctx, second)).toBeDefined();
    expect((await getAgent(ctx, id)).webhook).toMatchObject({ previous_expires_at: null });
    await endPreviousWebhook(ctx, id);
    expect(await resolveWebhook(ctx, second)).toBeDefined();
  });

  test.each([
    ['revoked', (id: string) => revokeWebhook(ctx, id)],
    ['deleted with their agent', (id: string) => deleteAgent(ctx, id)],
  ])('open nothing once %s, an overlapping one neither', async (_name, end) => {
    const { id } = await create();
    const { token: first } = await mintWebhook(ctx, id, 0);
    const { token: second } = await mintWebhook(ctx, id, 3600);
    await end(id);
    expect(await resolveWebhook(ctx, first)).toBeUndefined();
    expect(await resolveWebhook(ctx, second)).toBeUndefined();
    expect(await ctx.redis.keys('*token*')).toEqual([]);
  });

  test.each(['nSCr6OJR2CF0gcqnW4GzHCVZ1d4Yv5WlbaYmq8SEq0g', 'a'.repeat(32), `_-${'Z9'.repeat(63)}`])(
    'may come from another installation: %s',
    async (token) => {
      const [{ id }, other] = [await create(), await create()];
      expect(await resolveWebhook(ctx, token)).toBeUndefined();
      expect(await mintWebhook(ctx, id, 0, token)).toEqual({ token, previous_expires_at: null });
      expect(await resolveWebhook(ctx, token)).toMatchObject({ agentId: id });
      expect(await resolveWebhook(ctx, token.slice(0, -1))).toBeUndefined();
      expect((await getAgent(ctx, id)).webhook).toMatchObject({ token_hint: token.slice(-4) });
      for (const key of await ctx.redis.keys('*')) expect(key).not.toContain(token);

      const inUse = { code: 'token_in_use' };
      await expect(mintWebhook(ctx, other.id, 0, token)).rejects.toMatchObject(inUse);
      await expect(mintWebhook(ctx, id, 0, token)).rejects.toMatchObject(inUse);
      expect((await getAgent(ctx, other.id)).webhook).toBeNull();

      const { token: next } = await mintWebhook(ctx, id, 3_600);
      await expect(mintWebhook(ctx, other.id, 0, token)).rejects.toMatchObject(inUse);
      await endPreviousWebhook(ctx, id);
      await mintWebhook(ctx, other.id, 0, token);
      expect(await resolveWebhook(ctx, token)).toMatchObject({ agentId: other.id });
      expect(await resolveWebhook(ctx, next)).toMatchObject({ agentId: id });
    },
  );

  test('are never API keys or sessions', async () => {
    const { id } = await create();
    for (const prefix of ['ahk_', 'ahs_'])
      await expect(mintWebhook(ctx, id, 0, prefix + 'x'.repeat(43))).rejects.toMatchObject({
        code: 'invalid_request',
        issues: [{ path: '/token' }],
      });
  });

  test('of two agents that are given the same one, one gets it', async () => {
    const token = 'b'.repeat(43);
    const minted = await Promise.allSettled(
      [await create(), await create()].map(({ id }) => mintWebhook(ctx, id, 0, token)),
    );
    expect(minted.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('need an agent', async () => {
    await expect(mintWebhook(ctx, 'agt_none', 0)).rejects.toMatchObject({ code: 'unknown_agent' });
    await expect(endPreviousWebhook(ctx, 'agt_none')).rejects.toMatchObject({ code: 'unknown_agent' });
    await expect(revokeWebhook(ctx, 'agt_none')).rejects.toMatchObject({ code: 'unknown_agent' });
    expect(await ctx.redis.keys('*')).toEqual([]);
  });

  test('remember when they were last used', async () => {
    const { id } = await create();
    const { token } = await mintWebhook(ctx, id, 0);
    expect((await getAgent(ctx, id)).webhook?.last_used_at).toBeNull();
    await resolveWebhook(ctx, token);
    expect(Date.parse((await getAgent(ctx, id)).webhook?.last_used_at ?? '')).toBeLessThanOrEqual(ctx.now());
  });
});
