import type { MemoryPort, Note } from '@agenthook/contracts';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { caller, toolEnvironment } from '../testing/tool-environment.js';
import { memoryTool } from './memory.js';
import { ToolError } from './tool.js';

/** Notes in a list, newest first, as the real store keeps them. */
function memoryInMind(): MemoryPort {
  let notes: Note[] = [];
  let n = 0;
  return {
    async *list() {
      for (const note of notes) yield [note];
    },
    save: async (key, text, maxNotes) => {
      const note = { key, text, updated_at: new Date(n++).toISOString() };
      notes = [note, ...notes.filter((other) => other.key !== key)].slice(0, maxNotes);
    },
    remove: async (key) => {
      const before = notes.length;
      notes = notes.filter((note) => note.key !== key);
      return notes.length < before;
    },
  };
}

let call: ReturnType<typeof caller>;
const open = async (config: object = {}) => {
  const env = toolEnvironment({ memory: memoryInMind() });
  const options = { signal: AbortSignal.timeout(1_000) };
  return await memoryTool.open({ type: 'memory', name: 'notes', ...config }, env, options);
};
const keysOf = async (query?: string) => {
  const { notes } = (await call('notes_recall', query === undefined ? {} : { query })) as { notes: Note[] };
  return notes.map(({ key }) => key);
};

beforeEach(async () => {
  call = caller(await open());
});

describe('the memory tool', () => {
  test('keeps, finds, replaces and forgets notes', async () => {
    expect(await call('notes_save', { key: 'Customer 7', text: 'Likes café au lait.' })).toEqual({
      saved: 'Customer 7',
    });
    await call('notes_save', { key: 'Customer 8', text: 'Prefers tea, called twice.' });
    expect(await keysOf()).toEqual(['Customer 8', 'Customer 7']);
    expect(await keysOf('custom CAFE')).toEqual(['Customer 7']);
    expect(await keysOf('tea café')).toEqual([]);

    await call('notes_save', { key: 'Customer 7', text: 'Moved away.' });
    expect(await call('notes_recall', { query: 'customer' })).toEqual({
      notes: [
        { key: 'Customer 7', text: 'Moved away.', updated_at: expect.any(String) },
        { key: 'Customer 8', text: 'Prefers tea, called twice.', updated_at: expect.any(String) },
      ],
      more: 0,
    });
    expect(await call('notes_forget', { key: 'Customer 7' })).toEqual({ forgotten: 'Customer 7' });
    expect(await call('notes_forget', { key: 'Customer 7' })).toEqual({ forgotten: null });
    expect(await keysOf()).toEqual(['Customer 8']);
  });

  test('returns no more at once than a model should read', async () => {
    for (let n = 0; n < 30; n++) await call('notes_save', { key: `k${n}`, text: 'short' });
    expect(await call('notes_recall', {})).toMatchObject({ notes: { length: 20 }, more: 10 });
    for (let n = 0; n < 30; n++) await call('notes_save', { key: `k${n}`, text: 'x'.repeat(4_000) });
    expect(await call('notes_recall', {})).toMatchObject({ notes: { length: 4 }, more: 26 });
  });

  test('keeps as many notes as configured', async () => {
    call = caller(await open({ max_notes: 2 }));
    for (const key of ['a', 'b', 'c']) await call('notes_save', { key, text: 'x' });
    expect(await keysOf()).toEqual(['c', 'b']);
  });

  test.each([
    ['no key', { text: 'x' }],
    ['an empty text', { key: 'k', text: ' ' }],
    ['a number', { key: 'k', text: 3 }],
    ['a long key', { key: 'k'.repeat(201), text: 'x' }],
    ['a long text', { key: 'k', text: 'x'.repeat(4_001) }],
  ])('refuses %s', async (_name, args) => {
    await expect(call('notes_save', args)).rejects.toThrow(ToolError);
    expect(await keysOf()).toEqual([]);
  });

  test('has names that every provider accepts, and may be repeated', async () => {
    const { tools } = await open({ name: 'a'.repeat(64), description: 'About customers.' });
    expect(tools.map(({ name }) => name.slice(-8))).toEqual(['aaa_save', 'a_recall', 'a_forget']);
    for (const { name, repeat_safe } of tools) expect([name.length, repeat_safe]).toEqual([64, true]);
    expect(tools[1]?.description).toContain('About customers.');
  });
});

test('notes with thousands of marks on a letter are found in linear time', async () => {
  const marks = '\u0301'.repeat(1_990) + '\u0327'.repeat(1_990);
  for (let n = 0; n < 30; n++) await call('notes_save', { key: `n${n}`, text: `e${marks}${n}` });
  const before = process.cpuUsage();
  expect(await keysOf('e29')).toEqual(['n29']);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(250);
});
