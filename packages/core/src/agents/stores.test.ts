import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import {
  addDocument,
  type Context,
  createAgent,
  deleteAgent,
  documentsOf,
  listDocuments,
  memoryOf,
  removeDocument,
} from '../index.js';

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

const MIB = 1024 * 1024;
const keysOfAgent = async () => (await ctx.redis.keys('*')).filter((key) => key.includes(agentId));

describe("an agent's notes", () => {
  const memory = () => memoryOf(ctx, agentId);
  const save = async (...names: string[]) => {
    for (const key of names) await memory().save(key, `about ${key}`, 3);
  };
  const names = async () => (await memory().list()).map(({ key }) => key);

  test('are listed newest first, with the time of their writing', async () => {
    expect(await memory().list()).toEqual([]);
    await save('b', 'a');
    env.advance(60_000);
    await save('c');
    const [first, second] = await memory().list();
    expect(first).toEqual({ key: 'c', text: 'about c', updated_at: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(Date.parse(first?.updated_at ?? '') - Date.parse(second?.updated_at ?? '')).toBeGreaterThan(
      59_000,
    );
    expect(await names()).toEqual(['c', 'a', 'b']);
  });

  test('are replaced by key, and then the newest', async () => {
    await save('a', 'b');
    await memory().save('a', 'again: ünï', 3);
    expect(await memory().list()).toMatchObject([{ key: 'a', text: 'again: ünï' }, { key: 'b' }]);
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
    expect(await memoryOf(ctx, other).list()).toEqual([]);
    await deleteAgent(ctx, agentId);
    await expect(memory().save('late', 'x', 3)).rejects.toMatchObject({ code: 'unknown_agent' });
    expect(await keysOfAgent()).toEqual([]);
  });
});

describe("an agent's documents", () => {
  const add = (name: string, text = `text of ${name}`) => addDocument(ctx, agentId, { name, text });
  const port = () => documentsOf(ctx, agentId);

  test('are listed newest first without their text, and read with it', async () => {
    expect(await listDocuments(ctx, agentId)).toEqual([]);
    const first = await add('größe.md', 'Größe');
    env.advance(1_000);
    const second = await add('b.txt');
    expect(first).toEqual({
      id: expect.stringMatching(/^doc_[0-9a-f]{28}$/),
      name: 'größe.md',
      characters: 5,
      created_at: expect.stringMatching(/Z$/),
    });
    expect(await listDocuments(ctx, agentId)).toEqual([second, first]);
    expect(await port().all()).toEqual([
      { id: first.id, name: 'größe.md', text: 'Größe' },
      { id: second.id, name: 'b.txt', text: 'text of b.txt' },
    ]);
  });

  test('have a revision that changes with each of them', async () => {
    const seen = [await port().revision()];
    const { id } = await add('a');
    seen.push(await port().revision());
    await add('b');
    seen.push(await port().revision());
    await removeDocument(ctx, agentId, id);
    seen.push(await port().revision());
    expect(new Set(seen).size).toBe(4);
    expect(await port().revision()).toBe(seen[3]);
  });

  test('can be removed, once', async () => {
    const { id } = await add('a');
    await removeDocument(ctx, agentId, id);
    expect(await port().all()).toEqual([]);
    await expect(removeDocument(ctx, agentId, id)).rejects.toMatchObject({ code: 'unknown_document' });
    await expect(removeDocument(ctx, 'agt_none', id)).rejects.toMatchObject({ code: 'unknown_agent' });
  });

  test('have 2 MiB of text each, in UTF-8', async () => {
    await add('fits', 'x'.repeat(2 * MIB));
    await expect(add('is too large', 'ä'.repeat(MIB + 1))).rejects.toMatchObject({
      code: 'document_too_large',
    });
  });

  test('have 20 MiB together, and room again once one is removed', async () => {
    const full = await Promise.all(Array.from({ length: 10 }, (_, n) => add(`${n}`, 'ä'.repeat(MIB))));
    await expect(add('one more', 'x')).rejects.toMatchObject({ code: 'too_many_documents' });
    await removeDocument(ctx, agentId, full[3]?.id ?? '');
    await add('one more', 'x'.repeat(2 * MIB));
    await expect(add('and another', 'x')).rejects.toMatchObject({ code: 'too_many_documents' });
  });

  test('are 200 at most, however many come at once', async () => {
    const results = await Promise.allSettled(Array.from({ length: 230 }, (_, n) => add(`${n}`)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(200);
    expect(await listDocuments(ctx, agentId)).toHaveLength(200);
  });

  test('are their agent’s alone, and end with it', async () => {
    await add('a');
    const other = (await createAgent(ctx, { name: 'b' }, 'sandbox:echo')).id;
    expect(await documentsOf(ctx, other).all()).toEqual([]);
    await deleteAgent(ctx, agentId);
    await expect(add('late')).rejects.toMatchObject({ code: 'unknown_agent' });
    await expect(listDocuments(ctx, agentId)).rejects.toMatchObject({ code: 'unknown_agent' });
    expect(await port().all()).toEqual([]);
    expect(await keysOfAgent()).toEqual([]);
  });
});
