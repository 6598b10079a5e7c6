import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readProviders } from './read-providers.js';

const folder = mkdtempSync(join(tmpdir(), 'providers-'));
const env = { KEY: 'a-key', HOST: 'llm.internal' };

function write(content: unknown): string {
  const path = join(folder, `${Math.random()}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** How a text refers to a variable. */
const ref = (name: string) => `$\{${name}}`;

const entry = {
  name: 'eu',
  kind: 'compatible',
  base_url: `https://${ref('HOST')}/v1`,
  headers: { 'X-Key': `Bearer ${ref('KEY')}` },
  limits: { max_concurrency: 3 },
};

test('texts get their variables, in a list or an object with one', () => {
  const [read] = readProviders(write([entry]), env);
  expect(read).toEqual({
    ...entry,
    base_url: 'https://llm.internal/v1',
    headers: { 'X-Key': 'Bearer a-key' },
  });
  expect(readProviders(write({ providers: [entry] }), env)).toEqual([read]);
  expect(readProviders(undefined, env)).toEqual([]);
});

test('without variables, the references stay', () => {
  expect(readProviders(write([entry]))[0]?.base_url).toBe(`https://${ref('HOST')}/v1`);
});

test.each<[string, unknown, RegExp]>([
  ['text', 'providers: []', /: it is not JSON\.$/],
  ['another shape', { eu: entry }, /: \/: /],
  ['no name', [{ kind: 'openai', api_key: 'k' }], /: \/0\/name: /],
  ['a name with a colon', [{ ...entry, name: 'a:b' }], /: \/0\/name: /],
  ['the name sandbox', [{ ...entry, name: 'sandbox' }], /: \/0\/name: "sandbox" calls no provider/],
  ['an unknown kind', [{ ...entry, kind: 'opnai' }], /: \/0\/kind: /],
  ['an unknown field', [{ ...entry, apikey: 'secret-of-mine' }], /: \/0\/apikey: /],
  ['a name twice', [entry, entry], /: \/1\/name: two entries are called "eu"\.$/],
  ['no base URL', [{ name: 'a', kind: 'compatible' }], /: \/0: "a" \(compatible\) needs base_url\.$/],
  ['no key', [{ name: 'a', kind: 'anthropic' }], /: \/0: "a" \(anthropic\) needs api_key or base_url\.$/],
  ['an unset variable', [{ ...entry, api_key: ref('NOT_SET') }], /: \/0\/api_key: .* NOT_SET is not set\.$/],
  [
    'a bad URL',
    [{ ...entry, base_url: 'http://me:secret-of-mine@x' }],
    /: \/0\/base_url: it must be an http/,
  ],
  ['a limit of 0', [{ ...entry, limits: { max_concurrency: 0 } }], /: \/0\/limits\/max_concurrency: /],
])('a file with %s is refused with one line', (_name, content, where) => {
  const path = write(content);
  let message = '';
  try {
    readProviders(path, env);
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toMatch(where);
  expect(message.startsWith(`PROVIDERS_FILE (${path}): `)).toBe(true);
  expect(message).not.toMatch(/\n|secret-of-mine/);
});
