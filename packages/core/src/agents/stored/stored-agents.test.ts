import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testContext } from '../../../test/context.js';
import { FIRST_AGENT_ID, firstAgent, type Stored } from '../../../test/fixtures/first-agent.js';
import type { Context } from '../../context.js';
import { resolveWebhook } from '../../intake/resolve-webhook.js';
import { keys } from '../../redis/keys.js';
import { configFromInput } from '../agent-config.js';
import { createAgent } from '../create-agent.js';
import { draftOfAgent } from '../draft-of-agent.js';
import { getAgent } from '../get-agent.js';
import { getVersion } from '../get-version.js';
import { listAgents } from '../list-agents.js';
import { listVersions } from '../list-versions.js';
import { mintWebhook } from '../mint-webhook.js';
import { patchAgent, replaceAgent } from '../update-agent.js';
import { createVersionCache } from '../version-cache.js';

const MODEL = 'sandbox:echo';
const ID = FIRST_AGENT_ID;
let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(() => ctx.redis.flushdb());
afterAll(() => env.close());

/** Stores the old agent, changed in hash and version alike. */
async function store(change?: (config: Stored) => Stored): Promise<void> {
  const { hash, version } = firstAgent(change);
  await ctx.redis.hset(keys.agent(ID), hash);
  await ctx.redis.hset(keys.agentVersions(ID), '1', version);
  await ctx.redis.zadd(keys.agents, 0, ID);
}

const without = (name: string) => (config: Stored) => {
  const { [name]: _, ...rest } = config;
  return rest;
};
const renamed = (from: string, to: string) => (config: Stored) => ({
  ...without(from)(config),
  [to]: config[from],
});
const runs = async () => !(await createVersionCache(ctx)(ID, 1))?.problem?.blocks_runs;

test('an agent that an older version stored has the defaults of later fields', async () => {
  await store();
  const agent = await getAgent(ctx, ID);
  expect(agent).toMatchObject({
    name: 'Old triage',
    tags: [],
    breaker: null,
    schedules: [],
    public_result: 'full',
    saved_by: null,
    limits: { model_timeout_seconds: 120, max_attempts: 3 },
  });
  expect(agent.problem).toBeUndefined();
  expect(await getVersion(ctx, ID, 1)).toMatchObject({ system_prompt: 'You sort tickets.', burst: null });
  expect(await runs()).toBe(true);
  expect(await patchAgent(ctx, ID, { name: 'New' })).toMatchObject({ version: 2, name: 'New' });
});

test('an agent without tools is completed, says so, and is repaired by any save', async () => {
  await store(without('tools'));
  const agent = await getAgent(ctx, ID);
  expect(agent).toMatchObject({ tools: [], problem: { blocks_runs: false, errors: [{ path: '/tools' }] } });
  expect(await runs()).toBe(true);
  // A save that changes nothing repairs too.
  const { name } = agent;
  expect((await patchAgent(ctx, ID, { name })).problem).toBeUndefined();
  expect((await getAgent(ctx, ID)).version).toBe(2);
});

const DAMAGED: [string, (config: Stored) => Stored, path: string, repair: object][] = [
  [
    'an unknown type of tool',
    (config) => ({ ...config, tools: [{ type: 'telepathy', name: 'x' }] }),
    '/tools/0/type',
    { tools: [] },
  ],
  [
    'a renamed field of a tool',
    (config) => ({ ...config, tools: [{ type: 'http', name: 'x', address: 'https://a.example' }] }),
    '/tools/0/url',
    { tools: [] },
  ],
  ['a renamed prompt', renamed('system_prompt', 'instructions'), '/system_prompt', { system_prompt: 'p' }],
  ['a renamed template', renamed('input_template', 'message'), '/input_template', { input_template: '' }],
  ['a renamed schema', renamed('output_schema', 'answer_schema'), '/output_schema', { output_schema: null }],
  [
    'a renamed field that older versions lack',
    () => renamed('filter', 'event_filter')(configFromInput({ name: 'x', filter: 'payload.ok' }, MODEL)),
    '/filter',
    { filter: null },
  ],
  ['no prompt', without('system_prompt'), '/system_prompt', { system_prompt: 'p' }],
  ['tools that are no list', (config) => ({ ...config, tools: 'none' }), '/tools', { tools: [] }],
  ['a number as its name', (config) => ({ ...config, name: 7 }), '/name', { name: 'n' }],
  ['limits that are no object', (config) => ({ ...config, limits: 5 }), '/limits', { limits: {} }],
  [
    'a renamed limit',
    (config) => ({ ...config, limits: { ...renamed('max_steps', 'steps')(config.limits as Stored) } }),
    '/limits/steps',
    { limits: { max_steps: 3 } },
  ],
  [
    'an unknown sender',
    (config) => ({ ...config, signature: { scheme: 'carrier-pigeon' } }),
    '/signature/scheme',
    { signature: null },
  ],
];

describe.each(DAMAGED)('%s', (_name, change, path, repair) => {
  test('is shown in lists, does not run, and is repaired by PATCH', async () => {
    await createAgent(ctx, { name: 'sound' }, MODEL);
    await store(change);
    const { agents } = await listAgents(ctx, { limit: 10 });
    expect(agents.map(({ problem }) => problem?.blocks_runs)).toEqual([undefined, true]);
    const { problem } = await getAgent(ctx, ID);
    expect(problem?.errors.map((error) => error.path)).toContain(path);
    expect((await getVersion(ctx, ID, 1)).problem).toEqual(problem);
    expect(await runs()).toBe(false);
    // A change that leaves the damaged field as it is would save a guess.
    await expect(patchAgent(ctx, ID, { description: 'd' })).rejects.toMatchObject({
      code: 'invalid_request',
      issues: expect.arrayContaining([expect.objectContaining({ path })]),
    });
    const repaired = await patchAgent(ctx, ID, repair);
    expect(repaired).toMatchObject({ version: 2, ...repair, limits: expect.any(Object) });
    expect(repaired.problem).toBeUndefined();
    expect((await listAgents(ctx, { limit: 10 })).agents.every((agent) => !agent.problem)).toBe(true);
  });
});

describe('an agent that is no JSON', () => {
  test('is read from its version, and any save repairs it', async () => {
    await store();
    await ctx.redis.hset(keys.agent(ID), 'current', '{"config":');
    const { agents } = await listAgents(ctx, { limit: 10 });
    expect(agents).toMatchObject([{ system_prompt: 'You sort tickets.', problem: { blocks_runs: false } }]);
    expect((await patchAgent(ctx, ID, { description: '' })).problem).toBeUndefined();
    expect(await getAgent(ctx, ID)).toMatchObject({ version: 2, system_prompt: 'You sort tickets.' });
  });

  test('in both places is shown, does not run, and is repaired by PUT', async () => {
    await store();
    await ctx.redis.hset(keys.agent(ID), 'current', 'gone');
    await ctx.redis.hset(keys.agentVersions(ID), '1', '[]');
    await ctx.redis.hset(keys.agentVersionRows(ID), '1', 'x');
    expect((await listAgents(ctx, { limit: 10 })).agents).toMatchObject([{ problem: { blocks_runs: true } }]);
    expect((await listVersions(ctx, ID, { limit: 10 })).versions).toHaveLength(1);
    expect(await runs()).toBe(false);
    await expect(patchAgent(ctx, ID, { name: 'n' })).rejects.toMatchObject({ code: 'invalid_request' });
    const replaced = await replaceAgent(ctx, ID, { name: 'n' }, MODEL);
    expect(replaced).toMatchObject({ version: 2, name: 'n' });
    expect(replaced.problem).toBeUndefined();
  });
});

test('a field of a later version does not stop an agent', async () => {
  await store((config) => ({
    ...config,
    telepathy: true,
    tools: [{ type: 'memory', name: 'm', sealed: false }],
  }));
  expect((await getAgent(ctx, ID)).problem).toMatchObject({
    blocks_runs: false,
    errors: [{ path: '/telepathy' }],
  });
  expect(await runs()).toBe(true);
});

test('a gate that cannot be read refuses its own events, and those of no other agent', async () => {
  const make = async (name: string) => {
    const { id } = await createAgent(ctx, { name, limits: { rate_per_minute: 100 } }, MODEL);
    return { id, token: (await mintWebhook(ctx, id, 0)).token };
  };
  const [bad, sound] = [await make('bad'), await make('sound')];
  const gate = (await ctx.redis.hget(keys.agent(bad.id), 'gate')) ?? '';
  await ctx.redis.hset(keys.agent(bad.id), 'gate', gate.slice(0, -1));
  // Both are looked up in one batch.
  const asked = [bad, sound].map(({ token }) => resolveWebhook(ctx, token, { rated: true }));
  const [refused, found] = await Promise.allSettled(asked);
  expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'damaged_agent' } });
  expect(found).toMatchObject({ status: 'fulfilled', value: { agentId: sound.id } });
  await patchAgent(ctx, bad.id, { description: 'repaired' });
  expect(await resolveWebhook(ctx, bad.token)).toMatchObject({ agentId: bad.id });
});

test('a draft of an agent that cannot be read must name every field at fault, as a PATCH must', async () => {
  await store(renamed('system_prompt', 'instructions'));
  await expect(draftOfAgent(ctx, ID, { model: 'sandbox:echo' })).rejects.toMatchObject({
    code: 'invalid_request',
    issues: [{ path: '/configuration/system_prompt' }],
  });
  const { system_prompt } = await getAgent(ctx, ID);
  expect(await draftOfAgent(ctx, ID, { system_prompt })).toMatchObject({ draft: { system_prompt } });
});

test('an agent whose configuration was lost is not in lists, and ends none', async () => {
  await store();
  const other = await createAgent(ctx, { name: 'Other' }, MODEL);
  await ctx.redis.hset(keys.agent(other.id), { current: '' });
  for (const sort of ['newest', 'oldest'] as const)
    expect(await listAgents(ctx, { limit: 1, sort, q: 'o' })).toMatchObject({
      agents: sort === 'oldest' ? [{ id: ID, system_prompt: 'You sort tickets.' }] : [],
      next_cursor: expect.any(String),
    });
});
