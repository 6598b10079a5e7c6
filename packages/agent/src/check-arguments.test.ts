import { createBounded } from '@agenthook/bounded';
import { afterAll, expect, test } from '@jest/globals';
import { checkArguments } from './check-arguments.js';

const bounded = createBounded();
afterAll(() => bounded.close());

const check = (parameters: Record<string, unknown>, value: unknown) =>
  checkArguments(bounded, { key: 'a' }, parameters)(value);

test('a schema is not read before its tool is called', async () => {
  let reads = 0;
  const parameters = {
    get properties() {
      reads++;
      return { n: { type: 'integer' } };
    },
  };
  const checked = checkArguments(bounded, { key: 'a' }, parameters);
  expect(reads).toBe(0);
  expect(await checked({ n: 'one' })).toMatchObject({
    success: false,
    error: { message: 'The arguments are not valid: /n must be integer' },
  });
  const once = reads;
  expect(await checked({ n: 1 })).toEqual({ success: true, value: { n: 1 } });
  expect(reads).toBe(once);
});

test.each([
  ['no object', {}, 'x'],
  ['a list', {}, []],
  ['a missing argument', { required: ['a'] }, {}],
  ['a wrong type beside null keywords', { properties: { a: { type: 'string', enum: null } } }, { a: 5 }],
  ['an extra argument', { properties: {}, additionalProperties: false }, { a: 1 }],
])('refuses %s', async (_name, parameters, value) => {
  expect(await check(parameters, value)).toMatchObject({ success: false });
});

test.each([
  [
    'a pattern in another dialect, with the rest still checked',
    { properties: { a: { type: 'string', pattern: '(?i)^x' } } },
  ],
  ['a pattern that backtracks', { properties: { a: { pattern: '^(a+)+$' } } }],
  ['names restricted by a pattern', { patternProperties: { '^(a+)+$': {} }, additionalProperties: false }],
  ['a property called pattern', { properties: { pattern: { type: 'string' }, a: {} }, required: ['a'] }],
  ['a value called pattern', { properties: { a: { default: { pattern: '(' } } } }],
  ['a schema that does not compile', { type: 'no such type' }],
])('accepts %s', async (_name, parameters) => {
  expect(await check(parameters, { a: `${'a'.repeat(40)}b` })).toMatchObject({ success: true });
});

test('keywords beside a pattern are checked', async () => {
  const parameters = {
    properties: { a: { type: 'string', pattern: '(?i)^x' }, pattern: { type: 'string' } },
  };
  expect(await check(parameters, { a: 1 })).toMatchObject({ success: false });
  expect(await check(parameters, { pattern: 1 })).toMatchObject({ success: false });
});
