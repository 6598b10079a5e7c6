import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readModels } from './read-models.js';

const readPrices = (env: { PRICES_FILE?: string }) => readModels(env).priceOf;

const folder = mkdtempSync(join(tmpdir(), 'prices-'));

function write(text: string): string {
  const path = join(folder, `${Math.random()}.json`);
  writeFileSync(path, text);
  return path;
}

test('prices of the file come before the list', () => {
  const priceOf = readPrices({ PRICES_FILE: write('{"openai:gpt-5": {"input": 7, "output": 8}}') });
  expect(priceOf('openai:gpt-5')?.input).toBe(7);
  expect(priceOf('openai:gpt-5-mini')?.input).toBe(0.25);
  expect(readPrices({})('openai:gpt-5')?.input).toBe(1.25);
});

test.each([
  ['{', /: it is not JSON\.$/],
  ['[]', /: \/: /],
  ['{"gpt-5": {"input": 1, "output": 1}}', /: \/gpt-5: /],
  ['{"openai:gpt-5": {"input": "1", "output": 1}}', /: \/openai:gpt-5\/input: /],
  ['{"openai:gpt-5": {"input": -1, "output": 1}}', /: \/openai:gpt-5\/input: /],
  ['{"openai:gpt-5": {"input": 1}}', /: \/openai:gpt-5\/output: /],
])('%s is refused with one line', (text, where) => {
  const path = write(text);
  const message = messageOf(() => readPrices({ PRICES_FILE: path }));
  expect(message).toMatch(where);
  expect(message.startsWith(`PRICES_FILE (${path}): `)).toBe(true);
  expect(message).not.toContain('\n');
});

test('a file that is not there is refused', () => {
  const message = messageOf(() => readPrices({ PRICES_FILE: join(folder, 'none.json') }));
  expect(message).toMatch(/the file cannot be read\.$/);
});

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('Nothing was refused.');
}
