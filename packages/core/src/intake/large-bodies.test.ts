import { expect, test } from '@jest/globals';
import { createLargeBodies } from './large-bodies.js';

test('large bodies of one webhook take turns, others do not wait for them', async () => {
  const bodies = createLargeBodies();
  const first = await bodies.enter('a', '192.0.2.1');
  let turn = false;
  const second = bodies.enter('a', '192.0.2.1').then((place) => {
    turn = true;
    return place;
  });
  expect(await bodies.enter('b', '192.0.2.2')).toBeDefined();
  expect(turn).toBe(false);
  first?.leave(1);
  (await second)?.leave(0);
});

test('a burst goes through; who goes on has a quarter of the time', async () => {
  const bodies = createLargeBodies();
  const started = performance.now();
  for (let n = 0; n < 9; n++) (await bodies.enter('a', undefined))?.leave(100);
  const burst = performance.now() - started;
  for (let n = 0; n < 3; n++) (await bodies.enter('a', undefined))?.leave(100);
  await bodies.enter('a', undefined);
  // 1,200 ms of reading. The first 1,000 are free; the rest costs four times as much in pauses, less what
  // accrued meanwhile.
  expect(performance.now() - started).toBeGreaterThan(600);
  expect(burst).toBeLessThan(600);
});

test('more than two hundred of a webhook, or four hundred of an address, are told to come again', async () => {
  const bodies = createLargeBodies();
  const mine = Array.from({ length: 200 }, () => bodies.enter('a', '192.0.2.1'));
  expect(await bodies.enter('a', '192.0.2.9')).toBeUndefined();
  for (let n = 0; n < 200; n++) void bodies.enter(`w${n}`, '192.0.2.1');
  expect(await bodies.enter('z', '192.0.2.1')).toBeUndefined();
  expect(await bodies.enter('z', '192.0.2.2')).toBeDefined();
  (await mine[0])?.leave(0);
  (await mine[1])?.leave(0);
  expect(await bodies.enter('y', '192.0.2.1')).toBeDefined();
});

test('a decompressed body keeps its turn until its event is stored, and six may be files', async () => {
  const bodies = createLargeBodies();
  const file = 11 * 1024 * 1024;
  const held = [];
  for (let n = 0; n < 6; n++) held.push(await bodies.hold(`w${n}`, undefined, file));
  expect(held).not.toContain(undefined);
  expect(await bodies.hold('other', undefined, file)).toBeUndefined();
  expect(await bodies.hold('other', undefined, 1_000)).toBeDefined();
  let isRead = false;
  const next = bodies.enter('w0', undefined).then((place) => {
    isRead = true;
    return place;
  });
  held[0]?.spend(5);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(isRead).toBe(false);
  held[0]?.leave();
  (await next)?.leave(0);
  expect(await bodies.hold('w7', undefined, file)).toBeDefined();
});
