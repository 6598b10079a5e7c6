import { describe, expect, test } from '@jest/globals';
import { isAllowed, parseAllow, parseRule } from './allow.js';

describe('parseAllow', () => {
  test('reads hosts, addresses and CIDRs, with and without ports', () => {
    const text =
      'db.internal, 10.0.0.5:5432,10.0.0.0/8:443, fd00::/8,[fd00::1]:80,[fd00::]/8:80, ::1, my_host:1 ,';
    expect(parseAllow(text)).toHaveLength(8);
    expect(parseAllow('')).toEqual([]);
    expect(parseAllow(' , ')).toEqual([]);
  });

  test.each([
    'http://db.internal',
    'db.internal/path',
    'db.internal:0',
    'db.internal:65536',
    'db.internal:http',
    '10.0.0.0/33',
    'fd00::/129',
    '10.0.0',
    '010.0.0.1',
    '0x7f000001',
    '10.0.0.0/8/8',
    'user@host',
    '*.internal',
    '[10.0.0.1',
    'fd00::zz',
    'a b',
  ])('reports %s as invalid, on one line', (entry) => {
    expect(() => parseAllow(`localhost,${entry}`)).toThrow(
      `EGRESS_ALLOW: "${entry}" is not a host, an address or a CIDR, with or without a :port`,
    );
  });
});

describe('isAllowed', () => {
  test.each([
    ['127.0.0.1', 'x', '127.0.0.1', 80, true],
    ['127.0.0.1', 'x', '127.0.0.2', 80, false],
    ['127.0.0.1:80', 'x', '127.0.0.1', 80, true],
    ['127.0.0.1:80', 'x', '127.0.0.1', 81, false],
    ['10.0.0.0/8', 'x', '10.200.3.4', 1, true],
    ['10.0.0.0/8:443', 'x', '10.200.3.4', 80, false],
    ['10.0.0.0/8', 'x', '11.0.0.1', 80, false],
    ['10.0.0.0/8', 'x', '::ffff:10.1.1.1', 80, true],
    ['10.0.0.0/8', 'x', 'fd00::1', 80, false],
    ['[fd00::]/8:80', 'x', 'fd12::1', 80, true],
    ['[fd00::1]:80', 'x', 'fd00::1', 81, false],
    ['fd00::1', 'x', 'fd00:0::1', 81, true],
    ['DB.Internal.', 'db.internal', '10.0.0.1', 5432, true],
    ['db.internal:5432', 'db.internal', '10.0.0.1', 80, false],
    ['db.internal', 'a.db.internal', '10.0.0.1', 80, false],
    ['internal', 'db.internal', '10.0.0.1', 80, false],
  ])('%s for %s at %s port %i: %s', (entry, host, address, port, expected) => {
    expect(isAllowed([parseRule(entry)], host, address, port)).toBe(expected);
  });
});
