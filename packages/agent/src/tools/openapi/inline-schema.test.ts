import { expect, test } from '@jest/globals';
import { growth } from '../../testing/growth.js';
import { createInliner } from './inline-schema.js';

const many = <T>(n: number, make: (n: number) => T): T[] => Array.from({ length: n }, (_, k) => make(k));
const fields = (n: number, value: unknown) => Object.fromEntries(many(n, (k) => [`p${k}`, value]));

/** As many references to one schema as an operation may have. */
const referring = (n: number, schema: unknown) => {
  const root = { schema };
  return () => createInliner(root)({ allOf: many(n / 8, () => ({ $ref: '#/schema' })) });
};

test.each<[string, (n: number) => unknown]>([
  ['properties that are not sent', (n) => ({ properties: fields(n, { readOnly: true }) })],
  ['values of an enum', (n) => ({ enum: many(n, (k) => k) })],
  ['types', (n) => ({ type: many(n, () => 'string') })],
  ['required names', (n) => ({ required: many(n, (k) => `p${k}`) })],
])(
  'a schema that is referred to often, with many %s, is read so far and no further',
  async (_name, schema) => {
    const made = new Map<number, () => unknown>();
    const work = (n: number) => {
      const read = made.get(n) ?? referring(n, schema(n));
      made.set(n, read);
      return read();
    };
    expect(await growth(work, 1_000)).toBeLessThan(24);
  },
);

test('what is sent stays, with what is required of it', () => {
  const properties = { a: { type: 'integer' }, b: { readOnly: true }, c: {} };
  expect(createInliner({})({ properties, required: ['a', 'b', 7] })).toEqual({
    properties: { a: { type: 'integer' }, c: {} },
    required: ['a'],
  });
});
