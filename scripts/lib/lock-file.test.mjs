import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { missingBinaries, withoutIntegrity } from './lock-file.mjs';

const lock = () => JSON.parse(readFileSync('package-lock.json', 'utf8'));

test('the lock file has the checksum of every package, and names no host', () => {
  expect(withoutIntegrity(lock())).toEqual([]);
  expect(missingBinaries(lock())).toEqual([]);
  const hosts = Object.values(lock().packages).filter(({ resolved }) => /:\/\//.test(resolved ?? ''));
  expect(hosts).toEqual([]);
});

test('a package with a missing or weak checksum is found, wherever it is', () => {
  const { packages } = lock();
  delete packages['node_modules/fastify'].integrity;
  packages['node_modules/pino'].integrity = 'sha1-AAAA';
  packages['node_modules/a/node_modules/@b/c'] = { version: '1.0.0' };
  packages['node_modules/a/node_modules/alias'] = { version: '1.0.0', name: 'real' };
  expect(withoutIntegrity({ packages }).map(({ name }) => name)).toEqual(['fastify', 'pino', '@b/c', 'real']);
});

test('a binary of another platform that npm left out is found', () => {
  const packages = {
    'node_modules/a': {
      version: '1.0.0',
      optionalDependencies: { '@a/core-linux-arm64-musl': '1.0.0', b: '^1' },
    },
  };
  expect(missingBinaries({ packages })).toEqual([
    [
      'node_modules/@a/core-linux-arm64-musl',
      { version: '1.0.0', cpu: ['arm64'], libc: ['musl'], optional: true, os: ['linux'] },
    ],
  ]);
});
