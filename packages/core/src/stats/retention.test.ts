import { expect, test } from '@jest/globals';
import { createRetention } from './retention.js';

function retentionOf(own: number) {
  let ms = 0;
  const retention = createRetention(own, () => ms);
  return { ...retention, pass: (seconds: number) => (ms += seconds * 1000) };
}

test('the longest setting of the live processes holds, and is stored', () => {
  const short = retentionOf(60);
  expect(short.note(undefined, [])).toBe(60);
  expect(short.note(60, [60, 3_600])).toBe(3_600);
  expect(short.seconds()).toBe(3_600);
  expect(short.note(3_600, [60, 3_600])).toBeUndefined();
});

test('a shorter setting holds after a minute in which no process wanted more', () => {
  const short = retentionOf(60);
  expect(short.note(3_600, [60])).toBeUndefined();
  short.pass(59);
  short.note(3_600, [60]);
  expect(short.seconds()).toBe(3_600);
  short.note(3_600, [60, 3_600]); // the other one was only restarted
  short.pass(30);
  short.note(3_600, [60]);
  expect(short.seconds()).toBe(3_600);
  short.pass(61);
  expect(short.note(3_600, [60])).toBe(60);
  expect(short.seconds()).toBe(60);
});

test('a Redis that does not store a shorter retention does not keep it from holding', () => {
  const short = retentionOf(60);
  short.note(3_600, [60]);
  short.pass(61);
  for (let n = 0; n < 3; n++) expect(short.note(3_600, [60])).toBe(60);
  expect(short.seconds()).toBe(60);
});
