/**
 * `npm run verify`: every check except the slow suites, cheapest first. Stops at the first failure.
 * `-- --without-unit-tests` skips the unit tests, for use after `npm test`, which also runs them.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureNode } from './lib/node.mjs';

await ensureNode();
const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => `node_modules/${name}`;

/** The label to print, then the arguments for Node. */
const STEPS = [
  ['lint', bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.'],
  ['no stilted phrase', 'scripts/check-words.mjs'],
  ['package-lock.json is complete', 'scripts/complete-lock.mjs', '--check'],
  ['no regular expression of super-linear cost', 'scripts/check-regexps.mjs'],
  ['Lua scripts', 'scripts/check-lua.mjs'],
  ['build', 'scripts/build.mjs'],
  ['types of the tests', bin('typescript/bin/tsc'), '-p', 'tsconfig.test.json'],
  ['unused files, exports and dependencies', bin('knip/bin/knip.js'), '--no-progress'],
  ['openapi.json matches the routes', 'apps/api/dist/openapi.js', '--check'],
  ['generated pages of the docs match the code', 'scripts/docs.mjs', '--check'],
  ['unit tests', 'scripts/jest.mjs', 'packages/(?!testing/)[^/]+/src/', 'apps/', 'scripts/'],
];

const left = process.argv.includes('--without-unit-tests') ? 'unit tests' : undefined;

for (const [name, ...command] of STEPS) {
  if (name === left) continue;
  const started = performance.now();
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'}  ${name}  ${seconds} s`);
  if (status !== 0) {
    process.exitCode = 1;
    break;
  }
}
