import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { wordFaults } from './words.mjs';

const linesOf = (text) => wordFaults(text).map(({ line }) => line);

test('finds stilted phrases in comments and texts, with their lines', () => {
  const text = [
    '// A file that can' + ' not be read.',
    "const hint = 'Who" + "ever has the URL';",
    'const fine = 1;',
    ' * The URL of' + ' before the last rotation, made a' + 'new.',
    'A sender tries' + ' the URL out. Each text stands' + ' between tags.',
  ].join('\n');
  expect(linesOf(text)).toEqual([1, 2, 4, 4, 5, 5]);
});

test('accepts plain English that looks similar', () => {
  expect(wordFaults('It cannot wait. You can not only read but also write, beside the others.')).toEqual([]);
});

test('finds comments that are too long, but not code, URLs and lint exceptions', () => {
  const long = 'word '.repeat(30);
  expect(linesOf(`// ${long}\n * ${long}\nconst a = '${long}';\n// https://x.example/${long}`)).toEqual([
    1, 2,
  ]);
  expect(wordFaults(`// biome-ignore lint/x/y: ${long}`)).toEqual([]);
});

test('the command fails on a file with a fault, and names the place', () => {
  const dir = mkdtempSync(join(tmpdir(), 'agenthook-words-'));
  try {
    const file = join(dir, 'a.ts');
    writeFileSync(file, '\n// It can' + ' not.\n');
    const script = fileURLToPath(new URL('../check-words.mjs', import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [script, file], {
      encoding: 'utf8',
      // It blocks this process, so nothing else could end a wait.
      timeout: 120_000,
    });
    expect([status, stderr]).toEqual([1, expect.stringContaining(`${file}:2  "can${' '}not": cannot`)]);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
