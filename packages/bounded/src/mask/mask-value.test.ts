import { parseJson } from '@agenthook/json';
import { expect, test } from '@jest/globals';
import { createBounded } from '../create-bounded.js';
import { faultOfMasks, maskValue } from './mask-value.js';

const masked = (json: string, masks: { pointers?: string[]; patterns?: string[] }) =>
  JSON.stringify(maskValue({ pointers: [], patterns: [], ...masks }, parseJson(json)));

test('a pointer masks a whole value, of any type, and nothing where there is none', () => {
  const json = '{"customer":{"email":"a@b.c","n":1},"list":[{"x":1,"y":2},{"x":3}],"a/b":{"~":1}}';
  expect(
    masked(json, { pointers: ['/customer/email', '/list/*/x', '/list/7/x', '/nowhere/x', '/a~1b/~0'] }),
  ).toBe(
    '{"customer":{"email":"[masked]","n":1},"list":[{"x":"[masked]","y":2},{"x":"[masked]"}],"a/b":{"~":"[masked]"}}',
  );
  expect(masked(json, { pointers: ['/customer'] })).toContain('"customer":"[masked]"');
  expect(masked(json, { pointers: ['/list/1/x'] })).toContain('[{"x":1,"y":2},{"x":"[masked]"}]');
  expect(masked('"text"', { pointers: [''] })).toBe('"[masked]"');
  expect(masked('[1]', { pointers: ['/toString/length', '/length'] })).toBe('[1]');
  expect(masked('{"__proto__":{"x":1}}', { pointers: ['/__proto__/x'] })).toBe(
    '{"__proto__":{"x":"[masked]"}}',
  );
});

test('a pattern masks what it matches in texts, names and numbers, and keeps all other digits', () => {
  const json =
    '{"text":"Card 4111111111111111, or 4222222222222222.","card":4111111111111111,"id":820982911946154508123,"n":1.10,"a@b.ch":true}';
  expect(masked(json, { patterns: ['\\b4\\d{15}\\b', '[a-z]+@[a-z]+\\.[a-z]+'] })).toBe(
    '{"text":"Card [masked], or [masked].","card":"[masked]","id":820982911946154508123,"n":1.1,"[masked]":true}',
  );
  expect(masked('{"id":820982911946154508123}', { patterns: ['820982911946154508123'] })).toBe(
    '{"id":"[masked]"}',
  );
  expect(masked('"Ann and Bob"', { patterns: ['(?i)ANN', 'bob|Bob'] })).toBe('"[masked] and [masked]"');
});

test('members whose names are the same once masked are all kept', () => {
  expect(Object.keys(JSON.parse(masked('{"a1":1,"a2":2,"a3":3}', { patterns: ['a\\d'] })))).toHaveLength(3);
  const taken = '{"a1":1,"[masked] 2":2,"a2":3,"[masked] 3":4,"a3":5}';
  expect(Object.values(JSON.parse(masked(taken, { patterns: ['a\\d'] })))).toEqual([1, 2, 3, 4, 5]);
});

test('what is no pointer or no pattern is told, and so is a pattern that matches nothing or anything', () => {
  const fault = (masks: object) => faultOfMasks({ pointers: [], patterns: [], ...masks })?.message;
  expect(fault({ pointers: ['email'] })).toMatch(/no JSON Pointer/);
  expect(fault({ pointers: ['/a~2'] })).toMatch(/no JSON Pointer/);
  expect(fault({ patterns: ['(a'] })).toMatch(/no pattern of RE2/);
  expect(fault({ patterns: ['(a+)\\1'] })).toMatch(/no pattern of RE2/);
  expect(fault({ patterns: ['a*'] })).toMatch(/empty text/);
  expect(fault({ pointers: ['', '/a/*'], patterns: ['(a+)+b', '\\d{16}'] })).toBeUndefined();
});

test('a large text is masked beside the event loop, in linear time, as a small one is', async () => {
  const bounded = createBounded();
  const masks = { pointers: ['/secret'], patterns: ['(a+)+b', '\\d{3}-\\d{4}'] };
  const text = `${'a'.repeat(500_000)} 555-1234`;
  const found = await bounded.maskJson(masks, JSON.stringify({ text, secret: 1 }), { key: 'a' });
  expect(found).toMatchObject({ outcome: 'masked' });
  expect('json' in found && JSON.parse(found.json)).toEqual({
    text: `${'a'.repeat(500_000)} [masked]`,
    secret: '[masked]',
  });
  expect(await bounded.mask(masks, { text: '555-1234' }, { key: 'a' })).toEqual({
    outcome: 'masked',
    value: { text: '[masked]' },
  });
  expect(await bounded.maskJson(masks, 'no JSON', { key: 'a' })).toEqual({ outcome: 'not_json' });
  expect(await bounded.checkMasks({ pointers: [], patterns: ['('] }, { key: 'a' })).toMatchObject({
    outcome: 'fault',
    mask: '(',
  });
  bounded.close();
});
