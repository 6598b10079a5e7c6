/**
 * Finds regular expressions whose cost is super-linear in the text they are tried on (ReDoS), in all code
 * except tests. `[FILE…]`: only in these.
 *
 * Checks literals, `new RegExp` of a constant, and the `pattern` of schemas. scslre decides: it proves that a
 * text repeating one character makes an expression backtrack or restart quadratically or worse. It does not
 * consider texts that repeat several characters, so it finds most cases, and without false positives. It
 * takes milliseconds per expression.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ALLOWED } from './lib/allowed-regexps.mjs';
import { costlyRegexps } from './lib/costly-regexps.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const CODE = /\.(ts|tsx|mjs|js)$/;
const TESTS = /\.test\.|\.d\.m?ts$|^packages\/testing\/|\/testing\/|\/test\//;

const named = process.argv.slice(2);
const tracked = () =>
  execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'apps', 'packages', 'scripts'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => CODE.test(file) && !TESTS.test(file));
const files = named.length > 0 ? named : tracked();

const found = files.flatMap((file) =>
  costlyRegexps(file, readFileSync(new URL(file, `file://${root}`), 'utf8')),
);
const isAllowed = ({ file, source }) => ALLOWED.some((each) => each.file === file && each.source === source);
const faults = found.filter((each) => !isAllowed(each));
const stale =
  named.length > 0
    ? []
    : ALLOWED.filter(
        (each) => !found.some(({ file, source }) => each.file === file && each.source === source),
      );

for (const { file, line, source, why } of faults) console.error(`${file}:${line}  /${source}/  ${why}`);
for (const { file, source } of stale) console.error(`${file}  /${source}/  is allowed, but no longer exists`);
if (faults.length + stale.length > 0) {
  console.error(
    'Make it linear: look behind for what must not come before (`(?<!x)x+$`), or scan. An expression ' +
      'that only meets short or trusted\ntext may be listed in scripts/lib/allowed-regexps.mjs, with a ' +
      'reason.',
  );
  process.exitCode = 1;
} else {
  console.log(`${files.length} files: no regular expression of super-linear cost`);
}
