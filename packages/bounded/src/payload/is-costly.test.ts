import { expect, test } from '@jest/globals';
import { isCostly } from './is-costly.js';

const JSON_TYPE = 'application/json';
const FORM = 'multipart/form-data; boundary=b';
const numbers = (count: number, text: string) => `[${Array(count).fill(text).join(', ')}]`;
const form = (parts: number) =>
  `${'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'.repeat(parts)}--b--`;

test.each<[string, string, string]>([
  ['exponents', JSON_TYPE, numbers(7_000, '1.0e-999')],
  ['exponents in capitals', JSON_TYPE, numbers(7_000, '1E9')],
  ['negative zeros', JSON_TYPE, numbers(15_000, '-0')],
  ['long integers', JSON_TYPE, numbers(2_500, '123456789012345678901')],
  ['long fractions', JSON_TYPE, numbers(2_500, '0.1234567890123456')],
  ['parts', FORM, form(990)],
  ['exponents in one part', FORM, form(1).replace('1\r\n', `${numbers(7_000, '1.0e-999')}\r\n`)],
])('a body of many %s is costly', (_what, type, body) => {
  expect(isCostly(Buffer.from(body), type)).toBe(true);
});

test('a body of many exponents in UTF-16 is costly', () => {
  expect(isCostly(Buffer.from(numbers(3_600, '1.0e-999'), 'utf16le'), JSON_TYPE)).toBe(true);
});

test.each<[string, string, string]>([
  ['many short numbers', JSON_TYPE, numbers(10_000, '1234')],
  ['negative numbers', JSON_TYPE, numbers(10_000, '-1.5')],
  ['some long integers', JSON_TYPE, numbers(500, '123456789012345678901')],
  ['words', JSON_TYPE, JSON.stringify({ text: 'one e two - zero '.repeat(3_000) })],
  ['some parts', FORM, form(100)],
  ['one long part', FORM, form(1).replace('1\r\n', `${'-- '.repeat(15_000)}\r\n`)],
])('a body of %s is not', (_what, type, body) => {
  expect(isCostly(Buffer.from(body), type)).toBe(false);
});
