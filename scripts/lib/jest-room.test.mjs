import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { makeRoom } from './jest-room.mjs';

const BROWSER = '/packages/testing/src/e2e/studio/';
let busy;
let room;
let begun;

function open() {
  busy = 1;
  begun = [];
  room = makeRoom({ places: 2, busyShare: () => busy, lookMs: 10 });
}

/** Asks for room, and returns once those that may begin at once have. */
async function enter(...paths) {
  for (const path of paths) void room.enter(path).then(() => begun.push(path));
  await sleep(50);
}

afterEach(() => room.close());

test('on a busy machine two suites run, and the next begins when one ends', async () => {
  open();
  await enter('a', 'b', 'c', 'd');
  expect(begun).toEqual(['a', 'b']);
  room.leave('b');
  await sleep(50);
  expect(begun).toEqual(['a', 'b', 'c']);
});

test('on an idle machine further suites begin, one at a time', async () => {
  open();
  await enter('a', 'b', 'c', 'd');
  busy = 0.2;
  while (begun.length < 3) await sleep(1);
  busy = 1;
  await sleep(50);
  expect(begun).toEqual(['a', 'b', 'c']);
});

test('a third suite with a browser waits for one of the two to end, and others pass it', async () => {
  open();
  busy = 0;
  await enter(`${BROWSER}a`, `${BROWSER}b`, `${BROWSER}c`, 'd');
  expect(begun).toEqual([`${BROWSER}a`, `${BROWSER}b`, 'd']);
  room.leave(`${BROWSER}a`);
  await sleep(50);
  expect(begun.at(-1)).toBe(`${BROWSER}c`);
});
