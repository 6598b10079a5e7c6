import { expect, test } from '@jest/globals';
import { oncePerTurn } from './once-per-turn.js';

test('all who ask the same in one turn of the event loop share an answer, and nobody later', async () => {
  const asked: string[] = [];
  const ask = oncePerTurn(async (key) => {
    asked.push(key);
    if (key === 'none') throw new Error('none');
    return asked.length;
  });
  const inMicrotask = Promise.resolve().then(() => ask('a'));
  expect(await Promise.all([ask('a'), ask('b'), inMicrotask])).toEqual([1, 2, 1]);
  await new Promise(setImmediate);
  expect(await ask('a')).toBe(3);
  const refused = await Promise.allSettled([ask('none'), ask('none')]);
  expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(asked).toEqual(['a', 'b', 'a', 'none']);
});
