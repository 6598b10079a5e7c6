import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { addLazyUnions, withLazyUnions } from './lazy-unions.js';

const shape = (type: string, size: object) => ({
  type: 'object',
  properties: { type: { const: type }, size },
  required: ['type'],
});
/** A list of shapes. That of `broken` cannot be compiled. */
const SCHEMA = {
  type: 'array',
  items: {
    type: 'object',
    discriminator: { propertyName: 'type' },
    oneOf: [shape('number', { type: 'number' }), shape('broken', { pattern: '(' })],
  },
};

const compile = (allErrors: boolean) =>
  addLazyUnions(new Ajv({ strict: false, allErrors })).compile(withLazyUnions(SCHEMA));

test('a shape is compiled when the first value has it', () => {
  const validate = compile(false);
  expect(validate([{ type: 'number', size: 1 }])).toBe(true);
  expect(() => validate([{ type: 'broken', size: 'a' }])).toThrow('regular expression');
});

test('faults are those of the shape, at their place in the whole value', () => {
  const validate = compile(true);
  expect(validate([{ type: 'number', size: 'a' }, { type: 'none' }, 5, { type: 'number', size: [] }])).toBe(
    false,
  );
  expect(validate.errors?.map(({ instancePath, keyword }) => `${instancePath} ${keyword}`)).toEqual([
    '/0/size type',
    '/1 discriminator',
    '/2 type',
    '/3/size type',
  ]);
  expect(validate.errors?.[1]?.params).toEqual({ tag: 'type', tags: 'number, broken' });
  expect(validate([{ type: 'number', size: 2 }])).toBe(true);
});
