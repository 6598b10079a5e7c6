import { expect, test } from '@jest/globals';
import { exampleOf } from './example-payload.js';

test('an example has the properties of its schema', () => {
  const schema = {
    type: 'object',
    required: ['id', 'unsaid'],
    properties: {
      id: { type: 'integer', minimum: 100 },
      state: { enum: ['paid', 'open'] },
      action: { const: 'opened' },
      note: { type: ['string', 'null'] },
      lines: { type: 'array', items: { properties: { sku: { type: 'string', examples: ['A-1'] } } } },
      either: { anyOf: [{ type: 'boolean' }, { type: 'null' }] },
    },
  };
  expect(exampleOf(schema)).toEqual({
    id: 100,
    state: 'paid',
    action: 'opened',
    note: 'example',
    lines: [{ sku: 'A-1' }],
    either: true,
    unsaid: 'example',
  });
});

test.each([[null], [true], [{}], ['text'], [{ type: 'no type' }]])('%j has no example', (schema) => {
  expect(exampleOf(schema)).toBeNull();
});

test('ends if a schema nests without end', () => {
  const schema: Record<string, unknown> = { type: 'object' };
  schema.properties = { again: schema };
  expect(JSON.stringify(exampleOf(schema)).length).toBeLessThan(200);
});
