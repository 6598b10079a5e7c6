import { MAX_AGENT_PAGE_BYTES, MAX_VERSION_BYTES, MAX_VERSIONS } from '@agenthook/contracts';
import { postOf } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { countCommands, testContext } from '../../test/context.js';
import type { Context } from '../context.js';
import { trigger } from '../intake/trigger.js';
import { keys } from '../redis/keys.js';
import { cancelTask } from '../tasks/cancel.js';
import { replayTask } from '../tasks/replay.js';
import { createAgent } from './create-agent.js';
import { deleteAgent } from './delete-agent.js';
import { getVersion } from './get-version.js';
import { listAgents } from './list-agents.js';
import { listVersions } from './list-versions.js';
import { mintWebhook } from './mint-webhook.js';
import { patchAgent } from './update-agent.js';
import { createVersionCache } from './version-cache.js';
import { readVersionToRun } from './version-store.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let id: string;
let token: string;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(async () => {
  await ctx.redis.flushdb();
  id = (await createAgent(ctx, { name: 'a' }, 'sandbox:echo')).id;
  ({ token } = await mintWebhook(ctx, id, 0));
});
afterAll(() => env?.close());

const NOTES = { type: 'memory' as const, name: 'notes', description: 'x'.repeat(900_000) };
/** About 0.9 MB each. */
const large = (n: number) => ({ description: String(n), tools: [NOTES] });
const save = async (n: number) => (await patchAgent(ctx, id, { description: `d${n}` })).version;
const post = async () => {
  const outcome = await trigger(ctx, { token, ...postOf() });
  if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
  return outcome.task_id;
};
const kept = async () => (await ctx.redis.hkeys(keys.agentVersions(id))).map(Number).sort((a, b) => a - b);

test('a hundred and twenty large versions are listed in few bytes, and take a bounded room', async () => {
  for (let n = 0; n < 120; n++) await patchAgent(ctx, id, large(n), { savedBy: 'CI' });
  const { versions, next_cursor } = await listVersions(ctx, id, { limit: 100 });
  expect(JSON.stringify(versions).length).toBeLessThan(20_000);
  expect(next_cursor).toBeNull();
  expect(versions[0]).toEqual({
    version: 121,
    created_at: expect.any(String),
    saved_by: 'CI',
    bytes: expect.any(Number),
    changed: ['description'],
  });
  const bytes = versions.reduce((sum, version) => sum + version.bytes, 0);
  expect(bytes).toBeGreaterThan(MAX_VERSION_BYTES / 2);
  expect(bytes).toBeLessThanOrEqual(MAX_VERSION_BYTES);
  expect(await getVersion(ctx, id, 120)).toMatchObject({ version: 120, ...large(118) });
  await expect(getVersion(ctx, id, 1)).rejects.toMatchObject({ code: 'unknown_version' });
  await deleteAgent(ctx, id);
  expect(await ctx.redis.keys('*version*')).toEqual([]);
}, 60_000);

test('the newest hundred are kept and listed page by page', async () => {
  for (let n = 0; n < MAX_VERSIONS + 5; n++) await save(n);
  const first = await listVersions(ctx, id, { limit: 60 });
  const second = await listVersions(ctx, id, { limit: 60, cursor: first.next_cursor ?? '' });
  expect([...first.versions, ...second.versions].map(({ version }) => version)).toEqual(
    Array.from({ length: MAX_VERSIONS }, (_, n) => MAX_VERSIONS + 6 - n),
  );
  expect(second.next_cursor).toBeNull();
  await expect(listVersions(ctx, id, { limit: 9, cursor: 'x' })).rejects.toMatchObject({
    code: 'invalid_request',
  });
});

test('a version stays while a task that has not ended was triggered with it', async () => {
  const first = await post();
  const { task_id: replayed } = await replayTask(ctx, first, { version: 'original' });
  await save(0);
  const second = await post();
  for (let n = 1; n < MAX_VERSIONS + 5; n++) await save(n);
  expect((await kept()).slice(0, 3)).toEqual([1, 2, 7]);
  await cancelTask(ctx, first);
  await cancelTask(ctx, second);
  await save(0);
  expect((await kept()).slice(0, 2)).toEqual([1, 8]);
  await cancelTask(ctx, replayed);
  await save(1);
  expect((await kept())[0]).toBe(9);
  expect(await ctx.redis.keys('*open-versions*')).toEqual([]);
  await expect(replayTask(ctx, first, { version: 'original' })).rejects.toMatchObject({
    code: 'unknown_version',
  });
});

test('where open tasks need all the room, a save is refused until some have ended', async () => {
  const tasks: string[] = [];
  const fill = async () => {
    for (let n = 0; n < 40; n++) {
      await patchAgent(ctx, id, large(n));
      tasks.push(await post());
    }
  };
  await expect(fill()).rejects.toMatchObject({ code: 'too_many_versions' });
  expect(tasks.length).toBeGreaterThan(30);
  const bytes = (await ctx.redis.hvals(keys.agentVersions(id))).reduce((sum, json) => sum + json.length, 0);
  expect(bytes).toBeLessThanOrEqual(MAX_VERSION_BYTES);
  for (const task of tasks.slice(0, 2)) await cancelTask(ctx, task);
  await patchAgent(ctx, id, large(41));
}, 60_000);

test('a task whose version was dropped before it was stored runs the next one', async () => {
  for (let n = 0; n < MAX_VERSIONS + 3; n++) await save(n);
  expect(await readVersionToRun(ctx, id, 2)).toMatchObject({ version: 5 });
  expect(await readVersionToRun(ctx, id, 6)).toMatchObject({ version: 6 });
  expect(await readVersionToRun(ctx, 'agt_none', 1)).toBeUndefined();
});

test('a version from before there was a row for lists is listed by what it says of itself', async () => {
  await patchAgent(ctx, id, { description: 'x' }, { savedBy: 'the "CI" key' });
  await ctx.redis.del(keys.agentVersionRows(id));
  const { versions } = await listVersions(ctx, id, { limit: 9 });
  expect(versions.map(({ version, saved_by, changed }) => [version, saved_by, changed])).toEqual([
    [2, 'the "CI" key', null],
    [1, null, null],
  ]);
  expect(Date.parse(versions[0]?.created_at ?? '')).not.toBeNaN();
});

test('an agent is bounded as a whole, also where it grows change by change', async () => {
  await patchAgent(ctx, id, large(0));
  const prompts = { system_prompt: 'x'.repeat(90_000), input_template: 'x'.repeat(90_000) };
  await expect(patchAgent(ctx, id, prompts)).rejects.toMatchObject({ code: 'agent_too_large' });
  expect(await kept()).toEqual([1, 2]);
});

test('a page of large agents ends before it is too large, and no agent is left out', async () => {
  const ids = [id];
  for (let n = 0; n < 5; n++) {
    env.advance(1);
    ids.unshift((await createAgent(ctx, { name: 'b', ...large(n) }, 'sandbox:echo')).id);
  }
  const listed: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await listAgents(ctx, { limit: 50, ...(cursor ? { cursor } : {}) });
    expect(JSON.stringify(page).length).toBeLessThan(MAX_AGENT_PAGE_BYTES + 10_000);
    listed.push(...page.agents.map((agent) => agent.id));
    cursor = page.next_cursor;
  }
  expect(listed).toEqual(ids);
});

test('a worker keeps what it has read of versions, up to a bound in bytes', async () => {
  for (let n = 0; n < 30; n++) await patchAgent(ctx, id, large(n));
  const versions = createVersionCache(ctx);
  for (let version = 2; version <= 31; version++) await versions(id, version);
  const counts = countCommands(ctx.redis);
  expect(await versions(id, 31)).toMatchObject({ description: '29' });
  expect(counts.get('evalsha')).toBeUndefined();
  expect(await versions(id, 2)).toMatchObject({ description: '0' });
  expect(counts.get('evalsha')).toBe(1);
}, 60_000);
