import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { dependenciesAreStale } from './dependencies.mjs';

let root;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'agenthook-deps-'));
  mkdirSync(join(root, 'node_modules'));
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (file, packages) => writeFileSync(join(root, file), JSON.stringify({ packages }));
const lock = (packages) => write('package-lock.json', packages);
const installed = (packages) => write('node_modules/.package-lock.json', packages);

const pino = { version: '10.0.0', integrity: 'sha512-a' };
const cli = { resolved: 'apps/cli', link: true };

test('nothing was installed', () => {
  lock({ 'node_modules/pino': pino });
  expect(dependenciesAreStale(root)).toBe(true);
});

test('exactly what the lock file lists is installed, except binaries of other platforms', () => {
  lock({
    '': { name: 'agenthook' },
    'apps/cli': { version: '0.1.0' },
    'node_modules/pino': pino,
    'node_modules/cli': cli,
    'node_modules/swc-win32': { version: '1.0.0', optional: true },
  });
  installed({ 'node_modules/pino': pino, 'node_modules/cli': cli });
  expect(dependenciesAreStale(root)).toBe(false);
});

test.each([
  ['a package is missing', {}],
  ['a package has another version', { 'node_modules/pino': { ...pino, version: '9.0.0' } }],
  ['a package has other contents', { 'node_modules/pino': { ...pino, integrity: 'sha512-b' } }],
])('%s', (_what, found) => {
  lock({ 'node_modules/pino': pino });
  installed(found);
  expect(dependenciesAreStale(root)).toBe(true);
});
