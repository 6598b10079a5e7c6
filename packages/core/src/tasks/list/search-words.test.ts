import { parseJson } from '@agenthook/json';
import { expect, test } from '@jest/globals';
import { hasWords, searchedText, searchWords } from './search-words.js';

test('a search is words and quoted passages, in lower case, each once', () => {
  expect(searchWords('Printer  "Hums  Loudly" printer é')).toEqual(['printer', 'hums  loudly', 'é']);
  expect(searchWords('an "open quote')).toEqual(['an', 'open quote']);
});

test.each([' ', '""', 'a b c d e f g h i j k'])('a search for %p is refused', (search) => {
  expect(() => searchWords(search)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
});

const payload = parseJson(
  '{"Title":"Die Stra\\u00dfe \\"hier\\"\\nnext","big":12345678901234567890,"list":[{"ok":true}]}',
);
const finds = (search: string) =>
  hasWords(searchWords(search), searchedText([payload, 'Caf\u0065\u0301 is open', undefined]));

test('words are found in texts, names and numbers, in any case and form', () => {
  for (const search of ['STRAßE', 'title', '12345678901234567890', 'café open', 'true', '"is open"'])
    expect([search, finds(search)]).toEqual([search, true]);
  for (const search of ['nnext', '"title":', 'missing', 'café missing', '"open is"'])
    expect([search, finds(search)]).toEqual([search, false]);
});

test('thousands of marks on a letter are folded in linear time', () => {
  const before = process.cpuUsage();
  const text = searchedText([`needle ${'\u0301'.repeat(20_000)}${'\u0327'.repeat(20_000)} Nadel`]);
  const { user, system } = process.cpuUsage(before);
  expect(hasWords(searchWords('needle NADEL'), text)).toBe(true);
  expect((user + system) / 1_000).toBeLessThan(1_000);
  // Marks that two scripts use stay as they are.
  for (const word of ['Vi\u1ec7t', '\u05d1\u05b0\u05bc\u05e8\u05b5\u05d0\u05e9\u05b4\u05c1\u05d9\u05ea'])
    expect(hasWords(searchWords(word), searchedText([word.normalize('NFD')]))).toBe(true);
});
