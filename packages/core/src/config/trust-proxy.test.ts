import { expect, test } from '@jest/globals';
import { readTrustProxy } from './trust-proxy.js';

test.each([
  ['10.0.0.1', ['10.0.0.1']],
  ['10.0.0.0/8, ::1,fd00::/8', ['10.0.0.0/8', '::1', 'fd00::/8']],
  ['loopback,uniquelocal', ['loopback', 'uniquelocal']],
])('TRUST_PROXY may be %s', (text, ranges) => {
  expect(readTrustProxy(text)).toEqual(ranges);
});

test('TRUST_PROXY may be a number of proxies, and 0 or nothing believes nobody', () => {
  const trusts = readTrustProxy('2') as (address: string, hop: number) => boolean;
  expect([0, 1, 2].map((hop) => trusts('192.0.2.1', hop))).toEqual([true, true, false]);
  expect([readTrustProxy(), readTrustProxy('0')]).toEqual([undefined, undefined]);
});

test.each([
  'true',
  '*',
  '-1',
  '100',
  '1.5',
  'proxy.example.com',
  '10.0.0.0/33',
  '10.0.0.1,',
  '10.0.0.0/8/8',
  '10.0.0.0/',
])('TRUST_PROXY may not be %s', (text) => {
  expect(() => readTrustProxy(text)).toThrow(/^TRUST_PROXY must be a number of proxies, or addresses/);
});
