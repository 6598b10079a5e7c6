import { expect, test } from '@jest/globals';
import { inBatches } from './in-batches.js';

/** Doubles numbers, and records which ones share a batch. */
function doubling(bounds: Parameters<typeof inBatches<number, number>>[1]) {
  const batches: number[][] = [];
  const ask = inBatches(async (numbers: number[]) => {
    batches.push(numbers);
    if (numbers.includes(0)) throw new Error('zero');
    return numbers.map((n) => n * 2);
  }, bounds);
  return { batches, ask };
}

test('what is asked in one turn of the event loop goes together; each gets its own answer', async () => {
  const { batches, ask } = doubling({ items: 100 });
  const inMicrotask = Promise.resolve().then(() => ask(3));
  expect(await Promise.all([ask(1), ask(2), inMicrotask])).toEqual([2, 4, 6]);
  expect(await ask(4)).toBe(8);
  expect(batches).toEqual([[1, 2, 3], [4]]);
});

test('a batch is bounded by its items and by their weight', async () => {
  const few = doubling({ items: 2 });
  await Promise.all([1, 2, 3, 4, 5].map(few.ask));
  expect(few.batches).toEqual([[1, 2], [3, 4], [5]]);
  const light = doubling({ items: 100, weight: 10, weigh: (n) => n });
  await Promise.all([11, 4, 6, 1].map(light.ask));
  expect(light.batches).toEqual([[11], [4, 6], [1]]);
});

test('an error is told to all of its batch and to no other', async () => {
  const { ask } = doubling({ items: 2 });
  const answers = await Promise.allSettled([1, 0, 2].map(ask));
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
});

test('an error among the answers is that of one item', async () => {
  const ask = inBatches(async (numbers: number[]) => numbers.map((n) => (n < 0 ? new Error(`${n}`) : n)), {
    items: 10,
  });
  const answers = await Promise.allSettled([ask(1), ask(-2), ask(3)]);
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
