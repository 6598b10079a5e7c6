import { expect, test } from '@jest/globals';
import { queryTerms, termsOf, tokenize } from './terms.js';

test('words, and pairs of characters where a script has no spaces', () => {
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

test('terms are alike whatever their case, accents and form', () => {
  expect(termsOf('Größe GROSSE gro\u0308sse ﬁn')).toEqual(['grosse', 'grosse', 'grosse', 'fin']);
  expect(termsOf('\u0301')).toEqual([]);
  expect(termsOf('x'.repeat(1_000))).toEqual(['x'.repeat(64)]);
});

test('of a query the longest words are looked for, each once', () => {
  const words = Array.from({ length: 30 }, (_, n) => 'abcdefghijklmnopqrstuvwxyz123456'.slice(0, n + 1));
  expect(queryTerms(`${words.join(' ')} ${words[29]}`)).toEqual(words.reverse().slice(0, 16));
});
