import { describe, expect, test } from '@jest/globals';
import { isPublic, parseAddress } from './address.js';

describe('isPublic', () => {
  test.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700:4700::1111',
    '2a00:1450::5',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
  ])('considers %s public', (address) => {
    expect(isPublic(parseAddress(address))).toBe(true);
  });

  test.each([
    ['unspecified', ['0.0.0.0', '0.1.2.3', '::']],
    ['loopback', ['127.0.0.1', '127.255.255.254', '::1']],
    ['private', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1']],
    ['shared', ['100.64.0.1', '100.127.255.255']],
    ['link-local', ['169.254.0.1', 'fe80::1', 'fe80::1%eth0', 'febf::1']],
    ['unique or site-local', ['fc00::1', 'fd12:3456::1', 'fec0::1']],
    ['multicast and broadcast', ['224.0.0.1', '239.255.255.250', '255.255.255.255', 'ff02::1']],
    ['reserved', ['240.0.0.1', '192.0.0.1', '192.88.99.1', '198.18.0.1', '2001:20::1', '5f00::1', '100::1']],
    ['documentation', ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1']],
    ['unassigned', ['4000::1', '::1:2:3', '1::1']],
    [
      'cloud metadata',
      ['169.254.169.254', '169.254.170.2', 'fd00:ec2::254', '100.100.100.200', '168.63.129.16'],
    ],
    ['IPv4-mapped', ['::ffff:127.0.0.1', '::ffff:a00:1', '::ffff:169.254.169.254', '0:0:0:0:0:ffff:7f00:1']],
    [
      'IPv4-compatible and -translated',
      ['::127.0.0.1', '::808:808', '::ffff:0:127.0.0.1', '::ffff:0:8.8.8.8'],
    ],
    ['NAT64', ['64:ff9b::127.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::1', '64:ff9b:1::808:808']],
    ['6to4 and Teredo', ['2002:7f00:1::', '2002:808:808::1', '2001:0:7f00:1::', '2001::1']],
  ])('refuses %s', (_name, addresses) => {
    for (const address of addresses)
      expect([address, isPublic(parseAddress(address))]).toEqual([address, false]);
  });
});
