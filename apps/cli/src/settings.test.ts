import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { readSettings } from './settings.js';

const root = mkdtempSync(join(tmpdir(), 'agenthook-root-'));
afterAll(() => rmSync(root, { recursive: true }));

test.each([
  [{}, 'http://localhost:7091'],
  [{ HOST: '0.0.0.0', PORT: '8080' }, 'http://localhost:8080'],
  [{ HOST: '192.168.1.5' }, 'http://192.168.1.5:7091'],
  [{ HOST: 'fd00::5' }, 'http://[fd00::5]:7091'],
])('%j is reached at %s', (env, url) => {
  expect(readSettings(root, env)).toMatchObject({ localUrl: url, publicUrl: url });
});

test('treats an empty value as missing', () => {
  const settings = readSettings(root, { REDIS_URL: '', PORT: '', PUBLIC_URL: 'https://hooks.example.com/' });
  expect(settings).toMatchObject({
    redisUrl: undefined,
    port: 7091,
    publicUrl: 'https://hooks.example.com',
    dataDir: join(root, '.agenthook'),
  });
  expect(settings.env).not.toHaveProperty('REDIS_URL');
});

test.each(['0', '65536', 'http', '7091.5'])('refuses PORT=%s by name', (PORT) => {
  expect(() => readSettings(root, { PORT })).toThrow(/^PORT must be .* "/);
});
