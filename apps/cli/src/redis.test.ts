import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { configureRedis } from './redis.js';

test('the embedded Redis writes to disk before it answers, evicts nothing, and requires a password', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'agenthook-cli-redis-'));
  const { configFile } = await configureRedis(dir);
  const lines = readFileSync(configFile, 'utf8').split('\n');
  for (const line of [
    'appendonly yes',
    'appendfsync always',
    'maxmemory-policy noeviction',
    'bind 127.0.0.1',
  ]) {
    expect(lines).toContain(line);
  }
  expect(lines.some((line) => /^requirepass \w{64}$/.test(line))).toBe(true);
  expect(statSync(configFile).mode & 0o777).toBe(0o600);
  rmSync(dir, { recursive: true, force: true });
});
