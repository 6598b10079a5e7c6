import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { atOnce } from './at-once.js';

test('as many run at once as there are places, in order', async () => {
  const run = atOnce(2);
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const jobs = Array.from({ length: 6 }, (_, n) =>
    run(async () => {
      order.push(n);
      most = Math.max(most, ++running);
      await sleep(5);
      running--;
      return n;
    }),
  );
  expect(await Promise.all(jobs)).toEqual([0, 1, 2, 3, 4, 5]);
  expect([most, order]).toEqual([2, [0, 1, 2, 3, 4, 5]]);
});

test('a failure frees its place, and who no longer wants to wait leaves the line', async () => {
  const run = atOnce(1);
  let free = () => {};
  const first = run(() => new Promise<void>((resolve) => (free = resolve)));
  const stop = new AbortController();
  const second = run(async () => 'second', stop.signal);
  const third = run(async () => {
    throw new Error('third');
  });
  const fourth = run(async () => 'fourth');
  stop.abort(new Error('not any more'));
  await expect(second).rejects.toThrow('not any more');
  free();
  await first;
  await expect(third).rejects.toThrow('third');
  expect(await fourth).toBe('fourth');
});
