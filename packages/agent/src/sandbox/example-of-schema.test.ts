import { createBounded } from '@agenthook/bounded';
import { afterAll, expect, test } from '@jest/globals';
import { EXAMPLE_TEXT, exampleOfSchema } from './example-of-schema.js';

const bounded = createBounded();
afterAll(() => bounded.close());

const textOf = (schema: Record<string, unknown>) => exampleOfSchema(bounded, { key: 'a' }, schema);
const exampleOf = async (schema: Record<string, unknown>) => {
  const text = await textOf(schema);
  return text === undefined ? undefined : JSON.parse(text);
};

test('an example has every property, and texts that name their origin', async () => {
  const schema = {
    type: 'object',
    additionalProperties: false,
    required: ['kind'],
    properties: {
      kind: { type: 'string', enum: ['lead', 'spam'] },
      score: { type: 'integer', minimum: 1, maximum: 100 },
      reason: { type: 'string', minLength: 3 },
      language: { type: 'string', pattern: '^[a-z]{2}$' },
      due: { type: ['null', 'string'], format: 'date' },
      isOver: { type: 'boolean' },
      steps: { type: 'array', items: { type: 'string', maxLength: 4 } },
      nothing: { type: 'null' },
    },
  };
  expect(await exampleOf(schema)).toEqual({
    kind: 'lead',
    score: 1,
    reason: EXAMPLE_TEXT,
    language: 'en',
    due: '2026-01-02',
    isOver: false,
    steps: ['exam'],
    nothing: null,
  });
  expect(await textOf(schema)).toBe(await textOf(schema));
});

test.each<[string, Record<string, unknown>, unknown]>([
  ['a constant', { const: 7 }, 7],
  ['a default', { type: 'string', default: 'en' }, 'en'],
  ['its own example', { type: 'object', examples: [{ a: 1 }] }, { a: 1 }],
  ['a number above a minimum', { type: 'number', exclusiveMinimum: 0 }, 1],
  ['a number between two bounds', { type: 'number', exclusiveMinimum: 0, maximum: 1 }, 0.5],
  ['a number below a maximum', { type: 'number', exclusiveMaximum: 0 }, -1],
  ['a negative integer', { type: 'integer', maximum: -3 }, -3],
  ['a multiple', { type: 'integer', minimum: 10, multipleOf: 4 }, 12],
  [
    'unique items',
    { type: 'array', minItems: 2, uniqueItems: true, items: { enum: ['a', 'b'] } },
    ['a', 'b'],
  ],
  ['a tuple', { type: 'array', prefixItems: [{ type: 'integer' }, { const: 'x' }], items: false }, [0, 'x']],
  ['a choice', { anyOf: [{ type: 'null' }, { type: 'integer', minimum: 2 }] }, 2],
  [
    'a reference',
    {
      $ref: '#/$defs/a~1b',
      $defs: { 'a/b': { type: 'object', required: ['n'], properties: { n: { const: 1 } } } },
    },
    { n: 1 },
  ],
  [
    'all of several schemas',
    { allOf: [{ properties: { a: { const: 1 } } }, { properties: { b: { const: 2 } }, required: ['b'] }] },
    { a: 1, b: 2 },
  ],
  [
    'properties that conflict',
    { required: ['a'], properties: { a: { const: 1 }, b: { const: 2 } }, maxProperties: 1 },
    { a: 1 },
  ],
  [
    'a tree, which could be endless',
    { type: 'object', required: ['n'], properties: { n: { const: 1 }, next: { $ref: '#' } } },
    { n: 1 },
  ],
])('%s', async (_name, schema, example) => {
  expect(await exampleOf(schema)).toEqual(example);
});

test.each<[string, Record<string, unknown>]>([
  ['nothing fits', { type: 'string', const: 1 }],
  ['the pattern is too complicated', { type: 'string', pattern: '^q{17}$' }],
  ['it is too long', { type: 'array', minItems: 1_000_000 }],
  ['nothing is allowed', { not: {} }],
  ['the pattern never ends', { type: 'string', pattern: '^((.+)+)+\\u0000$' }],
  ['a reference is malformed', { $ref: '#/%' }],
])('there is none if %s', async (_name, schema) => {
  expect(await exampleOf(schema)).toBeUndefined();
});

test('references that multiply at each level are followed up to a limit', async () => {
  const level = (n: number) => ({
    type: 'object',
    properties: Object.fromEntries(
      Array.from({ length: 20 }, (_, k) => [`p${k}`, { $ref: `#/$defs/l${n + 1}` }]),
    ),
  });
  const $defs = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`l${n}`, level(n)]));
  const text = await textOf({ $ref: '#/$defs/l0', $defs: { ...$defs, l12: {} } });
  expect((text ?? '').length).toBeLessThan(200_000);
});
