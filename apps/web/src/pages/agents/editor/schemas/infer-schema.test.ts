import { parseJson } from '@agenthook/json';
import { expect, test } from '@jest/globals';
import { inferSchema } from './infer-schema.js';

test('describes the properties and types of an example', () => {
  const example = {
    id: 4,
    text: 'hi',
    price: 1.5,
    ok: true,
    note: null,
    tags: ['a', 'b'],
    who: { name: 'Ada' },
  };
  expect(inferSchema(example)).toEqual({
    type: 'object',
    required: ['id', 'text', 'price', 'ok', 'tags', 'who'],
    properties: {
      id: { type: 'integer' },
      text: { type: 'string' },
      price: { type: 'number' },
      ok: { type: 'boolean' },
      note: {},
      tags: { type: 'array', items: { type: 'string' } },
      who: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
    },
  });
});

test('leaves the items of a mixed or empty list open', () => {
  expect(inferSchema([1, 'a'])).toEqual({ type: 'array' });
  expect(inferSchema([])).toEqual({ type: 'array' });
});

test('stops at a maximum depth', () => {
  const deep = JSON.parse(`${'{"a":'.repeat(50)}1${'}'.repeat(50)}`);
  expect(JSON.stringify(inferSchema(deep)).length).toBeLessThan(500);
});

test('numbers with all their digits have a type', () => {
  expect(inferSchema(parseJson('[820982911946154508]'))).toEqual({
    type: 'array',
    items: { type: 'integer' },
  });
  expect(inferSchema(parseJson('0.1000000000000000055511151231257827'))).toEqual({ type: 'number' });
});
