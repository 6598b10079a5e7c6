import { expect, test } from '@jest/globals';
import { createFailureWindow } from './failure-window.js';
import { networkOf } from './network-of.js';

test('ten failures lock a network until the first of them is a minute old', () => {
  let now = 0;
  const window = createFailureWindow(() => now);
  for (let n = 0; n < 10; n++) {
    expect(window.lockedSeconds('a')).toBe(0);
    window.add('a');
    now += 1_000;
  }
  expect([window.lockedSeconds('a'), window.lockedSeconds('b')]).toEqual([50, 0]);
  now = 59_999;
  expect(window.lockedSeconds('a')).toBe(1);
  now = 60_000;
  expect(window.lockedSeconds('a')).toBe(0);
  window.add('a');
  expect(window.lockedSeconds('a')).toBe(1);
});

test('forgets the network whose last failure is oldest instead of growing', () => {
  const window = createFailureWindow(() => 0);
  for (let n = 0; n < 10; n++) for (const name of ['old', 'busy']) window.add(name);
  for (let n = 0; n < 9_999; n++) window.add(`other-${n}`);
  expect([window.lockedSeconds('old'), window.lockedSeconds('busy')]).toEqual([0, 60]);
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::1:0:0:0:1', '2001:db8:0:1::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
