/**
 * Finds regular expressions whose cost grows faster than the text that they are tried on (ReDoS), in all code but tests.
 * `[FILE…]`: only in these.
 *
 * Looks at literals, at `new RegExp` of a constant and at the `pattern` of schemas. scslre decides: it proves that a text
 * which repeats one character makes an expression backtrack or start over quadratically or worse. It says nothing of texts
 * that repeat several, so it finds most, and what it finds is so. It takes milliseconds for an expression.
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
for (const { file, source } of stale)
  console.error(`${file}  /${source}/  is allowed, and is not there any more`);
if (faults.length + stale.length > 0) {
  console.error(
    'Make it linear: look back for what must not stand before (`(?<!x)x+$`), or scan. One that only meets short or trusted\n' +
      'text may stand in scripts/lib/allowed-regexps.mjs, with a reason.',
  );
  process.exitCode = 1;
} else {
  console.log(`${files.length} files: no regular expression of super-linear cost`);
}
