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
