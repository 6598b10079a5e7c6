import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { initKeys, makeKeys } from './keys.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'agenthook-keys-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const key = (file: string) => readFileSync(join(dir, file), 'utf8');

test('creates each key once, readable only by its owner', () => {
  expect(makeKeys(dir).map(({ made }) => made)).toEqual([true, true]);
  const admin = key('admin_api_key');
  expect(admin).toMatch(/^[\w-]{43}$/);
  expect(key('secret_key')).not.toBe(admin);
  expect(statSync(join(dir, 'secret_key')).mode & 0o777).toBe(0o600);

  expect(makeKeys(dir).map(({ made }) => made)).toEqual([false, false]);
  expect(key('admin_api_key')).toBe(admin);
  expect(readdirSync(dir)).toEqual(['admin_api_key', 'secret_key']);
});

test('refuses a file without a valid key instead of replacing it', () => {
  writeFileSync(join(dir, 'secret_key'), 'short\n');
  expect(() => makeKeys(dir)).toThrow(/secret_key is shorter than 16/);
  expect(key('secret_key')).toBe('short\n');
});

test('keeps the secret key in its own folder, and moves an existing one there', () => {
  makeKeys(dir);
  const secret = key('secret_key');
  const other = join(dir, 'secret');
  expect(initKeys(dir, other).map(({ path, made }) => [path, made])).toEqual([
    [join(dir, 'admin_api_key'), false],
    [join(other, 'secret_key'), false],
  ]);
  expect(readdirSync(dir).sort()).toEqual(['admin_api_key', 'secret']);
  expect(key('secret/secret_key')).toBe(secret);
  expect(initKeys(dir, other).some(({ made }) => made)).toBe(false);
  expect(key('secret/secret_key')).toBe(secret);
});
