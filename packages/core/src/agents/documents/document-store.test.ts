import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testContext } from '../../../test/context.js';
import {
  addDocument,
  type Context,
  createAgent,
  documentsOf,
  listDocuments,
  removeAgent,
  removeDocument,
} from '../../index.js';
import { keys } from '../../redis/keys.js';

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
const add = (name: string, text = `text of ${name}`) => addDocument(ctx, agentId, { name, text });
const search = (query: string, limit = 2, id = agentId) =>
  documentsOf(ctx, id).search(query, limit, AbortSignal.timeout(30_000));
const passages = async (query: string) => (await search(query)).map(({ passage }) => passage);

const MANUAL =
  'Printer manual\n\nSwitch the printer off, wait ten seconds, and switch it on again.\n\nThe cartridge is behind the front cover. Pull the green lever to release it.';
const PRICES =
  'Price list\n\nInk cartridge black: 19 euro.\nInk cartridge colour: 29 euro.\nPaper, 500 sheets: 5 euro.';

describe("an agent's documents", () => {
  test('are listed newest first without their text', async () => {
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
    expect(await documentsOf(ctx, agentId).list()).toEqual([
      { name: 'größe.md', characters: 5 },
      { name: 'b.txt', characters: 13 },
    ]);
  });

  test('can be removed, once', async () => {
    const { id } = await add('a');
    expect(await passages('text')).toEqual(['text of a']);
    await removeDocument(ctx, agentId, id);
    expect(await passages('text')).toEqual([]);
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
    expect(await search('text', 20)).toHaveLength(20);
  });

  test('are their agent’s alone, and end with it', async () => {
    await add('a');
    const other = (await createAgent(ctx, { name: 'b' }, 'sandbox:echo')).id;
    expect(await search('text', 1, other)).toEqual([]);
    await removeAgent(ctx, agentId);
    await expect(add('late')).rejects.toMatchObject({ code: 'unknown_agent' });
    await expect(listDocuments(ctx, agentId)).rejects.toMatchObject({ code: 'unknown_agent' });
    expect(await search('text')).toEqual([]);
    expect(await keysOfAgent()).toEqual([]);
  });
});

describe('a search', () => {
  test('finds the passage that answers, with its document', async () => {
    await add('manual.pdf', MANUAL);
    await add('prices.md', PRICES);
    const [best] = await search('where is the lever to release the cartridge?');
    expect(best).toEqual({
      document: 'manual.pdf',
      passage: expect.stringContaining('green lever'),
      score: expect.any(Number),
    });
    expect((await search('what does black ink cost in euro'))[0]?.document).toBe('prices.md');
    expect(await search('zebra')).toEqual([]);
    expect(await search('?!')).toEqual([]);
  });

  test('finds by the name, by the beginning of a word, and past a slip of the finger', async () => {
    await add('manual.pdf', MANUAL);
    await add('prices.md', PRICES);
    expect((await search('prices'))[0]?.document).toBe('prices.md');
    expect((await search('cart'))[0]?.passage).toContain('cartridge');
    for (const slip of ['cartrige', 'cartridgge', 'cartriqge'])
      expect((await search(slip))[0]?.passage).toContain('cartridge');
  });

  test('does not mind case, accents, or scripts without spaces', async () => {
    await add('größen.txt', 'Die GRÖSSE des Cafés.');
    await add('説明書.txt', '黒いインクカートリッジを交換してください。');
    expect((await search('größe cafe'))[0]?.document).toBe('größen.txt');
    expect((await search('カートリッジの交換'))[0]?.document).toBe('説明書.txt');
  });

  test('gives passages as they are, wherever they lie in a text of any script', async () => {
    const lines = Array.from(
      { length: 300 },
      (_, n) => `Zeile ${n} 𝒳 — für größere Töne, 第${n}行 w${n * 7}w.`,
    );
    await add('lines', lines.join('\n'));
    for (const n of [0, 1, 150, 298, 299]) {
      const [best] = await search(`w${n * 7}w`);
      expect(best?.passage).toContain(lines[n]);
      expect(lines.join('\n')).toContain(best?.passage);
    }
  });

  test('puts a passage that has all words before one that has one of them often', async () => {
    await add('often', 'lever '.repeat(60));
    await add('both', 'The green lever is long. '.padEnd(700, 'and so on. '));
    await add('other', 'Nothing of that kind.');
    expect((await search('green lever')).map(({ document }) => document)).toEqual(['both', 'often']);
  });

  test('finds what was stored before there were indexes, indexes it once, and removes it', async () => {
    const { id, ...rest } = await add('new', 'a new zebra');
    const old = { ...rest, id: 'doc_old', name: 'old', characters: 11 };
    await ctx.redis.hset(keys.agentDocuments(agentId), old.id, JSON.stringify(old));
    await ctx.redis.hset(keys.agentTexts(agentId), old.id, 'an old zebra');
    const found = await Promise.all([search('zebra'), search('zebra'), search('zebra')]);
    for (const hits of found) expect(hits.map(({ document }) => document).sort()).toEqual(['new', 'old']);
    expect(await ctx.redis.exists(keys.agentTexts(agentId))).toBe(0);
    const index = await ctx.redis.getBuffer(keys.documentIndex(agentId, old.id));
    await ctx.redis.del(keys.documentIndex(agentId, old.id));
    // The entry says that it is indexed, so it is not indexed again.
    expect((await search('old')).map(({ document }) => document)).toEqual([]);
    await ctx.redis.set(keys.documentIndex(agentId, old.id), index ?? '');
    await removeDocument(ctx, agentId, old.id);
    expect((await search('zebra')).map(({ document }) => document)).toEqual(['new']);
    expect((await keysOfAgent()).filter((key) => key.includes(old.id))).toEqual([]);
  });

  test('that nobody waits for any more leaves the line', async () => {
    await add('a');
    const stop = AbortSignal.abort(new Error('the run has ended'));
    await expect(documentsOf(ctx, agentId).search('text', 1, stop)).rejects.toThrow('the run has ended');
  });
});

/** Words as in a natural language: few frequent ones, many rare ones. Deterministic. */
function* wordsOfLanguage(vocabulary: number): Generator<string> {
  for (let state = 1; ; ) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield `w${Math.floor(vocabulary ** (state / 2_147_483_648)).toString(36)}`;
  }
}

function textOfLanguage(bytes: number, vocabulary = 40_000): string {
  const sentences: string[] = [];
  const words = wordsOfLanguage(vocabulary);
  for (let length = 0; length < bytes; ) {
    const sentence = `${Array.from({ length: 12 }, () => words.next().value).join(' ')}. `;
    sentences.push(sentence);
    length += sentence.length;
  }
  return sentences.join('').slice(0, bytes);
}

describe('what a search costs', () => {
  test('is a small part of large documents, and Redis keeps no more of an index than of its text', async () => {
    const text = textOfLanguage(MIB);
    for (let n = 0; n < 4; n++) await add(`${n}`, `${text} needle${n} `);
    const [{ id = '' } = {}] = await listDocuments(ctx, agentId);
    expect(await ctx.redis.strlen(keys.documentIndex(agentId, id))).toBeLessThan(1.2 * text.length);
    let read = 0;
    const getrange = ctx.redis.getrangeBuffer.bind(ctx.redis);
    ctx.redis.getrangeBuffer = async (...args: Parameters<typeof getrange>) => {
      const part = await getrange(...args);
      read += part.length;
      return part;
    };
    const hits = await search('needle2 w1 w2 w3 w4f', 5);
    ctx.redis.getrangeBuffer = getrange;
    expect(hits[0]?.document).toBe('2');
    expect(read).toBeGreaterThan(1_000);
    expect(read).toBeLessThan(0.1 * 4 * text.length);
  });

  const HALF = MIB / 2;
  test.each<[string, string]>([
    ['one word', 'x'.repeat(HALF)],
    ['spaces', `${' '.repeat(HALF - 1)}x`],
    ['line breaks', `${'\n'.repeat(HALF - 1)}x`],
    ['lines of spaces', ' \n'.repeat(HALF / 2)],
    ['quotes', `${'"'.repeat(HALF - 2)} x`],
    ['ends of sentences', `${'.'.repeat(HALF - 2)} x`],
    [
      'different words',
      Array.from({ length: 70_000 }, (_, n) => (((n * 7_919) % 900_001) + 1e9).toString(36)).join(' '),
    ],
    ['one-letter words', 'a b c d '.repeat(HALF / 8)],
    [
      'a script without spaces',
      String.fromCharCode(...Array.from({ length: 1_000 }, (_, n) => 0x4e00 + n * 7)).repeat(HALF / 3_000),
    ],
    ['marks', `x${'\u0301'.repeat(HALF / 2 - 1)}`],
  ])('half a MiB of %s is added in seconds, in which other work has its turns', async (_name, text) => {
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    const before = process.cpuUsage();
    await add('hard', text);
    const { user } = process.cpuUsage(before);
    clearInterval(timer);
    expect(user).toBeLessThan(5_000_000);
    // Expected: a few milliseconds. A busy machine pauses this process longer.
    expect(longest).toBeLessThan(1_000);
    await search(text.slice(0, 100));
  });
});
