import { expect, test } from '@jest/globals';
import { csvLine } from './csv.js';

test('cells are quoted where they must be', () => {
  expect(csvLine(['a', 1, null, undefined, 'b,"c"\n', 'd;e'])).toBe('a,1,,,"b,""c""\n","d;e"\r\n');
});

test.each([
  ...['=1+1', '+1', '-1', '@SUM(A1)', '  =1', '\t=1', '\uff1d1', '\rx'],
  ...['\0=1', '\u200b=1', '\u202e=1', '\ufe661', '\u007f@a', ' \u001b+1'],
])('%p stays a text', (text) => {
  expect(csvLine([text]).replace(/^"/, '')).toMatch(/^'/);
});

test('numbers are no formulas', () => {
  expect(csvLine([-1])).toBe('-1\r\n');
});
