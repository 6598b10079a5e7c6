import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { costlyRegexps } from './costly-regexps.mjs';

const costly = (code) => costlyRegexps('a.ts', code).map(({ line, source }) => `${line} ${source}`);

test('finds expressions that restart, trade characters and nest, in literals, constructors and schemas', () => {
  expect(
    costly(
      [
        'const a: RegExp = /\\s+$/;',
        "const b = new RegExp('^(a+)+$');",
        "const c = Type.String({ pattern: '^[^,]*,?[^,]*;$' });",
        "const d = RegExp('x*x*y', 'g');",
      ].join('\n'),
    ),
  ).toEqual(['1 \\s+$', '2 ^(a+)+$', '3 ^[^,]*,?[^,]*;$', '4 x*x*y']);
});

test('ignores linear expressions, and other text', () => {
  expect(
    costly(
      [
        'const a = /(?<!\\s)\\s+$/;',
        'const b = /^\\s*[{[]/;',
        "const c = { pattern: '^[a-z]{1,100}$' };",
        'const d = new RegExp(name);',
        "const e = '/\\\\s+$/'; // /\\s+$/",
      ].join('\n'),
    ),
  ).toEqual([]);
});

test('the command fails on a file with one, and prints its place', () => {
  const folder = mkdtempSync(join(tmpdir(), 'agenthook-regexps-'));
  const file = join(folder, 'bad.mjs');
  writeFileSync(file, '\nexport const trimmed = (text) => text.replace(/\\s+$/, "");\n');
  const { status, stderr } = spawnSync(process.execPath, ['scripts/check-regexps.mjs', file], {
    encoding: 'utf8',
    // It blocks this process, so nothing else could end a wait.
    timeout: 120_000,
  });
  rmSync(folder, { recursive: true });
  expect(status).toBe(1);
  expect(stderr).toContain(`${file}:2  /\\s+$/  quadratic`);
});
