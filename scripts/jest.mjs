/**
 * `npm test [-- jest arguments]`: Jest, followed by one line, `N passed, N failed`, which people and CI log
 * readers find at the end whatever the reporters print before.
 *
 * Several suites run at a time, including browsers and killed processes, on machines that are also busy with
 * other work. In a whole run, the few suites that failed run again by themselves. Suites that pass only then
 * are named at the end, to be fixed; with `--steady`, as in CI, they fail the run. `--record-timings` writes
 * down how long each suite took; the longest start first.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateScripts } from './lib/lua/generate.mjs';
import { ensureNode } from './lib/node.mjs';
import { countsOf, suitesToRepeat, unsteadyOf } from './lib/test-results.mjs';
import { slowestOf, TIMINGS_FILE, timingsOf } from './lib/timings.mjs';

await ensureNode();
const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'agenthook-jest-'));
const resultsFile = join(scratch, 'results.json');
let stopped = false;

/** The tests' processes read the sources of all packages, whose types Node strips. */
const NODE_OPTIONS = [
  `--import=${new URL('../packages/testing/jest/register.mjs', import.meta.url)}`,
  '--conditions=@agenthook/source',
  '--disable-warning=ExperimentalWarning',
].join(' ');

/** Runs Jest. Returns its exit code, and the result of each suite that got that far. */
function runJest(args) {
  rmSync(resultsFile, { force: true });
  const child = spawn(
    process.execPath,
    [
      fileURLToPath(import.meta.resolve('jest/bin/jest')),
      ...args,
      // Comes last, because an option that takes a list would consume the test paths after it.
      '--reporters=default',
      `--reporters=${join(root, 'scripts', 'lib', 'jest-results.mjs')}`,
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, NODE_OPTIONS, JEST_RESULTS_FILE: resultsFile } },
  );
  const stop = () => child.kill('SIGTERM');
  process.once('SIGTERM', stop);
  return new Promise((resolve) => {
    child.once('close', (code) => {
      process.removeListener('SIGTERM', stop);
      resolve({ code: code ?? 1, suites: readResults() });
    });
  });
}

function readResults() {
  try {
    return JSON.parse(readFileSync(resultsFile, 'utf8'));
  } catch {
    // No results: --help, --listTests, or Jest gave up before the first test and said why.
    return undefined;
  }
}

for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    // The terminal sends Ctrl-C to Jest too. This process stays for the clean-up.
    stopped = true;
  });
generateScripts();
const OWN = ['--record-timings', '--steady'];
const [recordsTimings, mustBeSteady] = OWN.map((option) => process.argv.includes(option));
const args = process.argv.slice(2).filter((arg) => !OWN.includes(arg));
let { code, suites } = await runJest(args);
const again = args.length === 0 && !stopped ? suitesToRepeat(suites) : [];
if (again.length > 0) code = 0;
for (const path of again) {
  console.log(`\nRunning again, by itself: ${path}\n`);
  const second = await runJest(['--runTestsByPath', path]);
  code ||= second.code;
  suites = { ...suites, ...second.suites };
}
process.exitCode = code;
if (suites) {
  // After a run of some suites, the times of the others are kept.
  const others = args.length > 0 ? JSON.parse(readFileSync(TIMINGS_FILE, 'utf8')) : {};
  if (recordsTimings) writeFileSync(TIMINGS_FILE, timingsOf(suites, others));
  if (args.length === 0) console.log(['', 'The slowest suites:', ...slowestOf(suites), ''].join('\n'));
  const unsteady = unsteadyOf(again, suites);
  if (mustBeSteady && unsteady.length > 0) process.exitCode = 1;
  console.log(countsOf(suites, unsteady));
}
rmSync(scratch, { recursive: true, force: true });
