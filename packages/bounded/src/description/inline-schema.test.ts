import { expect, test } from '@jest/globals';
import { createInliner } from './inline-schema.js';
import { createLibrary } from './library.js';

/** The inliner for a document, and the document. */
function of(root: Record<string, unknown>) {
  const at = { root, url: undefined };
  const inline = createInliner(createLibrary(at, new Map()));
  return (schema: unknown) => inline(schema, at);
}

const REFERENCES = 900;
const MANY = 20_000;

const many = <T>(make: (n: number) => T): T[] => Array.from({ length: MANY }, (_, n) => make(n));

/** Counts how often a schema is read. */
function counted() {
  let looks = 0;
  const list = (items: unknown[]) =>
    new Proxy(items, {
      get: (target, name) => {
        looks++;
        return Reflect.get(target, name);
      },
    });
  const property = {
    get readOnly() {
      looks++;
      return true;
    },
  };
  return { list, property, looks: () => looks };
}

test.each<[string, (count: ReturnType<typeof counted>) => object]>([
  [
    'properties that are not sent',
    ({ property }) => ({ properties: Object.fromEntries(many((n) => [`p${n}`, property])) }),
  ],
  ['values of an enum', ({ list }) => ({ enum: list(many((n) => n)) })],
  ['types', ({ list }) => ({ type: list(many(() => 'string')) })],
  ['required names', ({ list }) => ({ required: list(many((n) => `p${n}`)) })],
])('a schema with many references and many %s is read up to a limit', (_name, make) => {
  const count = counted();
  const inline = of({ schema: make(count) });
  inline({ allOf: Array.from({ length: REFERENCES }, () => ({ $ref: '#/schema' })) });
  // Reading all of it everywhere would be eighteen million.
  expect(count.looks()).toBeLessThan(2_500_000);
});

test('properties for requests stay, and so does `required`', () => {
  const properties = { a: { type: 'integer' }, b: { readOnly: true }, c: {} };
  expect(of({})({ properties, required: ['a', 'b', 7] })).toEqual({
    properties: { a: { type: 'integer' }, c: {} },
    required: ['a'],
  });
});
