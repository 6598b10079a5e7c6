import type { DocumentsPort, StoredDocument } from '@agenthook/contracts';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { caller, toolEnvironment } from '../testing/tool-environment.js';
import { createIndexCache } from './documents/index-cache.js';
import { splitPassages } from './documents/passages.js';
import { buildIndex, type Hit, tokenize } from './documents/search-index.js';
import { createDocumentsTool } from './documents.js';
import { ToolError } from './tool.js';

const MANUAL =
  'Printer manual\n\nSwitch the printer off, wait ten seconds, and switch it on again.\n\nThe cartridge is behind the front cover. Pull the green lever to release it.';
const PRICES =
  'Price list\n\nInk cartridge black: 19 euro.\nInk cartridge colour: 29 euro.\nPaper, 500 sheets: 5 euro.';

function documentsInMind(documents: StoredDocument[]) {
  let revision = 0;
  let reads = 0;
  const port: DocumentsPort = {
    revision: async () => String(revision),
    all: async () => {
      reads++;
      return [...documents];
    },
  };
  const add = (name: string, text: string) => {
    documents.push({ id: name, name, text });
    revision++;
  };
  return { port, add, reads: () => reads };
}

const paragraphs = (count: number) =>
  Array.from(
    { length: count },
    (_, n) => `Paragraph ${n} speaks of subject${n}. It goes on for a while, as paragraphs do.`,
  ).join('\n\n');

describe('splitPassages', () => {
  test('cuts at paragraphs, and covers everything', () => {
    const text = paragraphs(100);
    const passages = [...splitPassages(text)];
    for (const passage of passages) {
      expect(passage.length).toBeLessThanOrEqual(800);
      expect(passage).toMatch(/^[A-Z].*\.$/s);
    }
    for (let n = 0; n < 100; n++)
      expect(passages.some((passage) => passage.includes(`subject${n}.`))).toBe(true);
    expect(passages.length).toBeLessThan((text.length / 800) * 2);
  });

  test('repeats the end of a passage at the start of the next', () => {
    const sentences = Array.from(
      { length: 40 },
      (_, n) => `Sentence number ${n} is here and says something.`,
    ).join(' ');
    const [first = '', second = ''] = [...splitPassages(sentences)];
    const shared = second.slice(0, second.indexOf('.') + 1);
    expect(shared).toMatch(/^Sentence number \d+/);
    expect(first.includes(shared)).toBe(true);
  });

  test.each([
    ['nothing', '', 0],
    ['blank lines', '\n \n', 0],
    ['one line', 'short', 1],
    ['no bounds at all', 'x'.repeat(2_000), 3],
    ['characters of two units', '𝒳'.repeat(1_000), 3],
  ])('%s', (_name, text, count) => {
    const passages = [...splitPassages(text)];
    expect(passages).toHaveLength(count);
    for (const passage of passages) expect(Buffer.from(passage).toString()).toBe(passage);
  });
});

describe('the documents tool', () => {
  let store: ReturnType<typeof documentsInMind>;
  let call: ReturnType<typeof caller>;
  const search = async (query: string) => ((await call('manuals', { query })) as { results: Hit[] }).results;

  beforeEach(async () => {
    store = documentsInMind([]);
    store.add('manual.pdf', MANUAL);
    store.add('prices.md', PRICES);
    const env = toolEnvironment({ documents: store.port });
    const tool = createDocumentsTool(createIndexCache());
    call = caller(
      await tool.open({ type: 'documents', name: 'manuals', max_results: 2 }, env, {
        signal: AbortSignal.timeout(1_000),
      }),
    );
  });

  test('finds the passage that answers, with its document', async () => {
    const [best] = await search('where is the lever to release the cartridge?');
    expect(best).toEqual({
      document: 'manual.pdf',
      passage: expect.stringContaining('green lever'),
      score: expect.any(Number),
    });
    expect((await search('what does black ink cost in euro'))[0]?.document).toBe('prices.md');
    expect((await search('prices'))[0]?.document).toBe('prices.md');
    expect((await search('cartrige'))[0]?.passage).toContain('cartridge');
    expect(await search('zebra')).toEqual([]);
  });

  test('does not mind case, accents, or scripts without spaces', async () => {
    store.add('größen.txt', 'Die GRÖSSE des Cafés.');
    store.add('説明書.txt', '黒いインクカートリッジを交換してください。');
    expect((await search('größe cafe'))[0]?.document).toBe('größen.txt');
    expect((await search('カートリッジの交換'))[0]?.document).toBe('説明書.txt');
  });

  test('lists documents', async () => {
    expect(await call('manuals_list', {})).toEqual({
      documents: [
        { name: 'manual.pdf', characters: MANUAL.length },
        { name: 'prices.md', characters: PRICES.length },
      ],
    });
  });

  test('gives no more than it is configured to', async () => {
    store.add('long.txt', paragraphs(200));
    expect(await search('paragraph')).toHaveLength(2);
  });

  test('makes an index once per revision, for all who ask at the same time', async () => {
    await Promise.all([search('ink'), search('paper'), call('manuals_list', {})]);
    await search('ink');
    expect(store.reads()).toBe(1);
    store.add('new.txt', 'A word about zebras.');
    expect((await search('zebras'))[0]?.document).toBe('new.txt');
    expect(store.reads()).toBe(2);
  });

  test('says so when there are no documents, and refuses an empty query', async () => {
    const env = toolEnvironment({ agent: { id: 'agt_2' }, documents: documentsInMind([]).port });
    const empty = caller(
      await createDocumentsTool(createIndexCache()).open({ type: 'documents', name: 'd' }, env, {
        signal: AbortSignal.timeout(1_000),
      }),
    );
    expect(await empty('d', { query: 'x' })).toEqual({ results: [], note: 'This agent has no documents.' });
    await expect(empty('d', { query: ' ' })).rejects.toThrow(ToolError);
  });
});

describe('the cache of indexes', () => {
  test('lets go of those that were not used for longest', async () => {
    const cache = createIndexCache({ maxAgents: 2 });
    const stores = ['a', 'b', 'c'].map((id) => ({
      id,
      ...documentsInMind([{ id, name: id, text: 'text' }]),
    }));
    const use = async (n: number) => {
      const store = stores[n];
      if (store) await cache(store.id, store.port);
    };
    for (const n of [0, 1, 0, 2, 0, 1]) await use(n);
    expect(stores.map(({ reads }) => reads())).toEqual([1, 2, 1]);
  });

  test('lets go of large ones, but not of the one in use', async () => {
    const cache = createIndexCache({ maxCharacters: 10 });
    const large = documentsInMind([{ id: 'l', name: 'l', text: 'a text that is too long' }]);
    const small = documentsInMind([{ id: 's', name: 's', text: 'short' }]);
    for (const [id, store] of [
      ['l', large],
      ['l', large],
      ['s', small],
      ['s', small],
      ['l', large],
    ] as const)
      await cache(id, store.port);
    expect([large.reads(), small.reads()]).toEqual([2, 1]);
  });

  test('does not keep a failure', async () => {
    const cache = createIndexCache();
    let fails = true;
    const port: DocumentsPort = {
      revision: async () => '1',
      all: async () => {
        if (fails) throw new Error('Redis is away');
        return [];
      },
    };
    await expect(cache('a', port)).rejects.toThrow('Redis is away');
    fails = false;
    expect((await cache('a', port)).documents).toEqual([]);
  });
});

test('a large text is indexed without holding up the process', async () => {
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  const index = await buildIndex([{ id: 'big', name: 'big', text: paragraphs(24_000) }]);
  clearInterval(timer);
  expect(index.characters).toBeGreaterThan(1_500_000);
  expect(turns).toBeGreaterThan(5);
  expect(index.search('subject23999', 1)[0]?.passage).toContain('subject23999');
});

test('words', () => {
  expect(tokenize("Don't panic: 3.5 Ärzte, 東京都")).toEqual([
    'Don',
    't',
    'panic',
    '3',
    '5',
    'Ärzte',
    '東京',
    '京都',
  ]);
});
