import type { AgentListQuery } from '@agenthook/contracts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { countCommands, testContext } from '../../test/context.js';
import { FIRST_AGENT_ID, firstAgent } from '../../test/fixtures/first-agent.js';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { createAgent } from './create-agent.js';
import { listAgents } from './list-agents.js';
import { patchAgent } from './update-agent.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
const ids: Record<string, string> = {};

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
  const add = async (name: string, more: object) => {
    ids[name] = (
      await createAgent(ctx, { name, system_prompt: 'long '.repeat(100), ...more }, 'sandbox:echo')
    ).id;
    env.advance(1_000);
  };
  await add('Ticket triage', { tags: ['support', 'mail'] });
  await add('incident summary', { description: 'For the people on call', status: 'disabled' });
  await add('Alpha', { tags: ['support'] });
});
afterAll(() => env.close());

const list = (query: Partial<AgentListQuery>) => listAgents(ctx, { limit: 10, fields: 'id,name', ...query });
const names = async (query: Partial<AgentListQuery>) => (await list(query)).agents.map(({ name }) => name);

test('agents are found by words of name, description, model, tag or id', async () => {
  expect(await names({ q: 'SUMMARY inc' })).toEqual(['incident summary']);
  expect(await names({ q: 'people call' })).toEqual(['incident summary']);
  expect(await names({ q: 'sandbox' })).toHaveLength(3);
  expect(await names({ q: 'mail' })).toEqual(['Ticket triage']);
  expect(await names({ q: ids.Alpha ?? '' })).toEqual(['Alpha']);
  expect(await names({ q: 'nobody' })).toEqual([]);
});

test('agents are narrowed by tag, status and id, and sorted', async () => {
  expect(await names({ tag: ['support'] })).toEqual(['Alpha', 'Ticket triage']);
  expect(await names({ tag: ['support', 'mail'] })).toEqual(['Ticket triage']);
  expect(await names({ status: 'disabled' })).toEqual(['incident summary']);
  expect(await names({ id: [ids.Alpha ?? '', 'agt_none', 'no: id'] })).toEqual(['Alpha']);
  expect(await names({ sort: 'name' })).toEqual(['Alpha', 'incident summary', 'Ticket triage']);
  expect(await names({ sort: 'oldest' })).toEqual(['Ticket triage', 'incident summary', 'Alpha']);
  expect(await names({})).toEqual(['Alpha', 'incident summary', 'Ticket triage']);
  await patchAgent(ctx, ids['incident summary'] ?? '', { description: 'New' });
  expect((await names({ sort: 'updated' }))[0]).toBe('incident summary');
});

test.each(['newest', 'oldest', 'name', 'updated'] as const)(
  'pages in the order %s are whole',
  async (sort) => {
    const all = await names({ sort });
    const paged: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await list({ sort, limit: 1, ...(cursor !== undefined && { cursor }) });
      paged.push(...page.agents.map(({ name }) => name));
      cursor = page.next_cursor;
    }
    expect(paged).toEqual(all);
  },
);

test('a cursor of another list and an unknown field are refused by name', async () => {
  const { next_cursor } = await list({ sort: 'name', limit: 1 });
  for (const [query, path] of [
    [{ sort: 'oldest', cursor: next_cursor ?? '' }, '/cursor'],
    [{ cursor: 'zzz' }, '/cursor'],
    [{ fields: 'id,nmae' }, '/fields'],
  ] as const)
    await expect(list(query)).rejects.toMatchObject({ code: 'invalid_request', issues: [{ path }] });
  await expect(listAgents(ctx, { limit: 1, cursor: 'zzz' })).rejects.toMatchObject({
    code: 'invalid_request',
  });
});

test('fields give only what they name, with or without configurations', async () => {
  const [summary] = (await list({ fields: 'summary', limit: 1 })).agents;
  expect(Object.keys(summary ?? {}).sort()).toEqual([
    'created_at',
    'description',
    'id',
    'model',
    'name',
    'paused',
    'saved_by',
    'status',
    'tags',
    'updated_at',
    'version',
  ]);
  const [prompt] = (await list({ fields: 'id,system_prompt', limit: 1 })).agents;
  expect(Object.keys(prompt ?? {}).sort()).toEqual(['id', 'system_prompt']);
  expect((await listAgents(ctx, { limit: 10, q: 'alpha' })).agents[0]).toMatchObject({
    limits: { max_attempts: 3 },
  });
});

test('thousands of agents are searched in a few small commands, and one without a summary is found too', async () => {
  const { hash } = firstAgent();
  const batch = ctx.redis.pipeline();
  batch.hset(keys.agent(FIRST_AGENT_ID), hash).zadd(keys.agents, 0, FIRST_AGENT_ID);
  const row = {
    name: 'Many',
    description: '',
    status: 'active',
    tags: [],
    model: 'm',
    created_ms: 1,
    updated_ms: 1,
  };
  for (let n = 0; n < 5_000; n++) {
    const id = `agt_many_${n}`;
    const summary = JSON.stringify({ version: 1, saved_by: null, ...row, name: `Many ${n}` });
    batch.hset(keys.agent(id), { ...hash, summary }).zadd(keys.agents, 0, id);
  }
  await batch.exec();
  expect(await names({ q: 'old triage' })).toEqual(['Old triage']);
  const counts = countCommands(ctx.redis);
  expect(await names({ q: 'many 4711' })).toEqual(['Many 4711']);
  expect([...counts.values()].reduce((sum, n) => sum + n, 0)).toBeLessThan(40);
});
