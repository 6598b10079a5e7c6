/**
 * Finds phrases that plain English does not use, and comments that are too long, in all paths that are
 * already clean. `[FILE…]`: only in these.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wordFaults } from './lib/words.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Paths to check. Add each path once it is clean. */
const CLEAN = [
  'apps',
  'packages',
  'scripts',
  ':!packages/core',
  ':!packages/contracts/src/errors.ts',
  ':!packages/contracts/src/failures.ts',
  ':!packages/testing/examples',
];
const TEXT = /\.(ts|tsx|mjs|js|css|html|yaml)$/;

const named = process.argv.slice(2);
const tracked = () =>
  execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...CLEAN], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((file) => TEXT.test(file));
const files = named.length > 0 ? named : tracked();

const faults = files.flatMap((file) =>
  wordFaults(readFileSync(resolve(root, file), 'utf8')).map(({ line, why }) => `${file}:${line}  ${why}`),
);
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
else console.log(`${files.length} files: no stilted phrase`);
