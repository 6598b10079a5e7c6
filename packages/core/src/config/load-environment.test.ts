import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ApiEnvironment, WorkerEnvironment } from './environment.js';
import { loadEnvironment } from './load-environment.js';

const KEYS = { SECRET_KEY: 'k'.repeat(20), ADMIN_API_KEY: 'a'.repeat(20) };
const SCHEMAS = { api: ApiEnvironment, worker: WorkerEnvironment } as const;
type Program = keyof typeof SCHEMAS;

/** What a variable counts as, or the line that ends the start. */
function read(name: string, value: string, program: Program): unknown {
  try {
    return (loadEnvironment(SCHEMAS[program], { ...KEYS, [name]: value }) as Record<string, unknown>)[name];
  } catch (error) {
    return (error as Error).message;
  }
}

test.each<[string, string, unknown, Program]>([
  ['PORT', ' 80\r', 80, 'api'],
  ['PORT', '"80"', 80, 'api'],
  ['PORT', "'80' ", 80, 'api'],
  ['PORT', ' ', 7091, 'api'],
  ['DRAIN_SECONDS', '""', 0, 'api'],
  ['SEAL_AT_REST', 'True', true, 'worker'],
  ['SEAL_AT_REST', '"FALSE"\r\n', false, 'worker'],
  ['ADMIN_API_KEY', `"${KEYS.ADMIN_API_KEY}"\r`, KEYS.ADMIN_API_KEY, 'api'],
  ['REDIS_URL', '"redis://redis:6379/2"', 'redis://redis:6379/2', 'worker'],
  ['OPENAI_API_KEY', 'sk-1\r\n', 'sk-1', 'worker'],
  ['API_ROLE', "'intake'", 'intake', 'api'],
])('%s=%j counts as %j', (name, value, counts, program) => {
  expect(read(name, value, program)).toBe(counts);
});

test('the name of a file may be quoted, too', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'agenthook-key-')), 'key');
  writeFileSync(file, 'a key of sixteen or more\n');
  const { ADMIN_API_KEY: _, ...others } = KEYS;
  const env = { ...others, ADMIN_API_KEY_FILE: `"${file}"\r` };
  expect(loadEnvironment(SCHEMAS.api, env)).toMatchObject({ ADMIN_API_KEY: 'a key of sixteen or more' });
});

test('a secret key stays as it is, because it was used like that', () => {
  for (const value of [`"${KEYS.SECRET_KEY}"`, `${KEYS.SECRET_KEY}\r`])
    expect(read('SECRET_KEY', value, 'worker')).toBe(value);
});

test.each<[string, string, string, Program]>([
  ['PORT', '-1', 'PORT must be a whole number from 0 to 65535.', 'api'],
  ['PORT', '80.5', 'PORT must be a whole number from 0 to 65535.', 'api'],
  ['PORT', '0x50', 'PORT must be a whole number from 0 to 65535.', 'api'],
  ['PORT', '10s', 'PORT must be a whole number from 0 to 65535.', 'api'],
  ['PORT', 'true', 'PORT must be a whole number from 0 to 65535.', 'api'],
  ['WORKER_CONCURRENCY', '1e3', 'WORKER_CONCURRENCY must be a whole number from 1 to 10000.', 'worker'],
  ['WORKER_CONCURRENCY', '1_000', 'WORKER_CONCURRENCY must be a whole number from 1 to 10000.', 'worker'],
  ['RESULT_TTL_SECONDS', `1${'0'.repeat(20)}`, 'RESULT_TTL_SECONDS must be a whole number', 'worker'],
  ['SEAL_AT_REST', 'yes', 'SEAL_AT_REST must be true or false.', 'api'],
  ['SEAL_AT_REST', '1', 'SEAL_AT_REST must be true or false.', 'api'],
  ['LOG_LEVEL', 'verbose', 'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent.', 'api'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', '"http://collector:4318"', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'worker'],
  ['PUBLIC_URL', 'example.com', 'PUBLIC_URL must be an http:// or https:// URL.', 'api'],
  [
    'ADMIN_API_KEY',
    '""',
    'Set ADMIN_API_KEY (or ADMIN_API_KEY_FILE) to at least 16 random characters.',
    'api',
  ],
])('%s=%j ends the start: %s', (name, value, line, program) => {
  expect(read(name, value, program)).toMatch(line);
});
