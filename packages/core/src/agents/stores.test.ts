import type { Note } from '@agenthook/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import { type Context, createAgent, memoryOf, removeAgent } from '../index.js';

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
afterAll(() => env.close());

const keysOfAgent = async () => (await ctx.redis.keys('*')).filter((key) => key.includes(agentId));

describe("an agent's notes", () => {
  const memory = () => memoryOf(ctx, agentId);
  const save = async (...names: string[]) => {
    for (const key of names) await memory().save(key, `about ${key}`, 3);
  };
  const notes = async () => {
    const all: Note[] = [];
    for await (const some of memory().list()) all.push(...some);
    return all;
  };
  const names = async () => (await notes()).map(({ key }) => key);

  test('are listed newest first, with the time of their writing', async () => {
    expect(await notes()).toEqual([]);
    await save('b', 'a');
    env.advance(60_000);
    await save('c');
    const [first, second] = await notes();
    expect(first).toEqual({ key: 'c', text: 'about c', updated_at: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(Date.parse(first?.updated_at ?? '') - Date.parse(second?.updated_at ?? '')).toBeGreaterThan(
      59_000,
    );
    expect(await names()).toEqual(['c', 'a', 'b']);
  });

  test('say which task wrote them; older ones say nothing', async () => {
    await save('old');
    const writer = { task_id: 'task-1', trigger: 'webhook' } as const;
    await memoryOf(ctx, agentId, writer).save('new', 'x', 3);
    const listed = await notes();
    expect(listed.map(({ key, written_by }) => [key, written_by])).toEqual([
      ['new', writer],
      ['old', undefined],
    ]);
  });

  test('are replaced by key, and then the newest', async () => {
    await save('a', 'b');
    await memory().save('a', 'again: ünï', 3);
    expect(await notes()).toMatchObject([{ key: 'a', text: 'again: ünï' }, { key: 'b' }]);
  });

  test('lose the oldest beyond the limit, whatever their keys and however quickly they come', async () => {
    await save('z', 'y', 'x', 'w', 'v');
    expect(await names()).toEqual(['v', 'w', 'x']);
    await memory().save('u', 'u', 1);
    expect(await names()).toEqual(['u']);
    await Promise.all(Array.from({ length: 50 }, (_, n) => memory().save(`k${n}`, 'x', 10)));
    expect(await names()).toHaveLength(10);
    expect(await ctx.redis.hlen(`{agenthook}:agent:${agentId}:notes`)).toBe(10);
  });

  test('can be removed', async () => {
    await save('a', 'b');
    expect(await memory().remove('a')).toBe(true);
    expect(await memory().remove('a')).toBe(false);
    expect(await names()).toEqual(['b']);
  });

  test('are their agent’s alone, and end with it', async () => {
    await save('a');
    const other = (await createAgent(ctx, { name: 'b' }, 'sandbox:echo')).id;
    for await (const some of memoryOf(ctx, other).list()) expect(some).toEqual([]);
    await removeAgent(ctx, agentId);
    await expect(memory().save('late', 'x', 3)).rejects.toMatchObject({ code: 'unknown_agent' });
    expect(await keysOfAgent()).toEqual([]);
  });
});
