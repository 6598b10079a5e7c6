import { expect, test } from '@jest/globals';
import { numberOf, shownOf } from './typed-number.js';

test('a decimal number is typed digit by digit', () => {
  let value: number | null = null;
  let shown: number | string = '';
  for (const key of '0.05') {
    const typed: string = `${shown}${key}`;
    value = numberOf(typed);
    shown = shownOf(typed, value);
  }
  expect({ shown, value }).toEqual({ shown: '0.05', value: 0.05 });
  expect(['', '-', 'x', '1.50', 0].map(numberOf)).toEqual([null, null, null, 1.5, 0]);
});

test('a value that comes from elsewhere replaces what was typed', () => {
  expect(shownOf('0.50', 0.5)).toBe('0.50');
  expect(shownOf('0.50', 10)).toBe(10);
  expect(shownOf('0.50', null)).toBe('');
});
