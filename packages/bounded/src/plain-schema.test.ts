import { expect, test } from '@jest/globals';
import { createBounded } from './create-bounded.js';
import { passesOf } from './plain-schema.js';

const names = (count: number) => Array.from({ length: count }, (_, n) => `n${n}`);

test('a list that is read again for each item costs a pass for each of its entries', () => {
  expect(passesOf({ type: 'object', required: names(10), properties: { a: { enum: names(10) } } })).toBe(2);
  expect(passesOf({ required: names(6_400) })).toBe(101);
  for (const keyword of ['items', 'additionalProperties', 'propertyNames', 'contains'])
    expect([keyword, passesOf({ [keyword]: { required: names(50), enum: names(50) } })]).toEqual([
      keyword,
      102,
    ]);
  expect(passesOf({ items: { properties: { a: { enum: names(50) } } } })).toBe(53);
  expect(passesOf({ items: { pattern: 'a' } })).toBeUndefined();
});

test('many required members of many items do not hold up the event loop', async () => {
  const bounded = createBounded();
  const schema = { type: 'array', items: { required: names(2_000) } };
  const before = process.cpuUsage();
  const checked = await bounded.check(schema, Array(900).fill({}), { key: 'a' });
  const { user, system } = process.cpuUsage(before);
  expect(checked.outcome).toMatch(/^too_/);
  expect((user + system) / 1_000).toBeLessThan(1_000);
  bounded.close();
});
