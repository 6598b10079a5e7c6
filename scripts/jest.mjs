/**
 * `npm test [-- jest arguments]`: Jest on native ES modules, followed by one line, `N passed, N failed`,
 * which people and CI log readers find at the end whatever the reporters print before.
 *
 * Three suites run at a time, including browsers and killed processes, on machines that are also busy with
 * other work. In a whole run, the few suites that failed run again by themselves. Suites that pass only then
 * are named at the end, to be fixed.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateScripts } from './lib/lua/generate.mjs';
import { ensureNode } from './lib/node.mjs';
import { countsOf, suitesToRepeat } from './lib/test-results.mjs';

await ensureNode();
const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'agenthook-jest-'));
const resultsFile = join(scratch, 'results.json');
let stopped = false;

/** Runs Jest. Returns its exit code, and the result of each suite that got that far. */
function runJest(args) {
  rmSync(resultsFile, { force: true });
  const child = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      fileURLToPath(import.meta.resolve('jest/bin/jest')),
      ...args,
      // Comes last, because an option that takes a list would consume the test paths after it.
      '--reporters=default',
      `--reporters=${join(root, 'scripts', 'lib', 'jest-results.mjs')}`,
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, JEST_RESULTS_FILE: resultsFile } },
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
const args = process.argv.slice(2);
let { code, suites } = await runJest(args);
const again = args.length === 0 && !stopped ? suitesToRepeat(suites) : [];
if (again.length > 0) {
  console.log(`\nRunning again, by themselves: ${again.map((path) => relative(root, path)).join(', ')}\n`);
  const second = await runJest(['--runInBand', '--runTestsByPath', ...again]);
  code = second.code;
  suites = { ...suites, ...second.suites };
}
process.exitCode = code;
if (suites) {
  const unsteady = again.filter((path) => suites[path]?.failed === 0);
  for (const path of unsteady)
    console.log(`unsteady: ${relative(root, path)} failed beside others, but passed by itself`);
  console.log(countsOf(suites));
}
rmSync(scratch, { recursive: true, force: true });
