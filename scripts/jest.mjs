/**
 * `npm test [-- jest arguments]`: Jest on native ES modules, closed by one plain line, `N passed, N failed`, that a
 * person and a CI log reader find at the end whatever the reporters printed before.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'agenthook-jest-'));
const countsFile = join(scratch, 'counts.json');

function closingLine() {
  const { passed, failed, skipped } = JSON.parse(readFileSync(countsFile, 'utf8'));
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

const child = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    fileURLToPath(import.meta.resolve('jest/bin/jest')),
    ...process.argv.slice(2),
    // Last: an option that takes a list would swallow the test paths after it.
    '--reporters=default',
    `--reporters=${join(root, 'scripts', 'lib', 'jest-counts.mjs')}`,
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, JEST_COUNTS_FILE: countsFile } },
);
// Ctrl-C reaches Jest through the terminal; this process stays for the clean-up.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.once('close', (code) => {
  process.exitCode = code ?? 1;
  try {
    console.log(closingLine());
  } catch {
    // No counts: --help, --listTests, or Jest gave up before the first test and said why.
  }
  rmSync(scratch, { recursive: true, force: true });
});
