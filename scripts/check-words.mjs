/**
 * Finds phrases that plain English does not use, and comments that are too long, in all paths but
 * those listed below. `[FILE…]`: only in these.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wordFaults } from './lib/words.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What is checked: all text except the paths that still need rewriting. Remove each once it is clean. */
const CHECKED = ['.', ':!package-lock.json'];
const TEXT = /\.(ts|tsx|mjs|js|css|html|md|ya?ml|sh|py)$/;

const named = process.argv.slice(2);
const tracked = () =>
  execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...CHECKED], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((file) => TEXT.test(file));
const files = named.length > 0 ? named : tracked();

const faults = files.flatMap((file) =>
  wordFaults(readFileSync(resolve(root, file), 'utf8')).map(({ line, why }) => `${file}:${line}  ${why}`),
);
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
else console.log(`${files.length} files: no stilted phrase`);
