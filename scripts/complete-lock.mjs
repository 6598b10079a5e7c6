/**
 * Completes package-lock.json after `npm install` (`--check`: only checks whether it is complete).
 *
 * npm omits from the lock file binaries for other platforms that it could not load when it wrote the file.
 * `npm ci` then refuses the file, or installs no binary on those platforms (npm/cli#4828). Each is an exact
 * version in some package's optionalDependencies, which is enough to write the entry. Its checksum comes from
 * the registry; without one, `npm ci` accepts whatever it receives.
 */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { missingBinaries, withoutIntegrity } from './lib/lock-file.mjs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));

/** The registry's checksum of a package. */
async function integrityOf({ name, version }) {
  const { stdout } = await promisify(execFile)('npm', ['view', `${name}@${version}`, 'dist.integrity']);
  const integrity = stdout.trim();
  if (!/^sha512-[\w+/]+=*$/.test(integrity))
    throw new Error(`the registry has no checksum of ${name}@${version}`);
  return integrity;
}

async function complete(missing) {
  Object.assign(lock.packages, Object.fromEntries(missing));
  const unchecked = withoutIntegrity(lock);
  while (unchecked.length > 0) {
    const some = unchecked.splice(0, 4);
    const found = await Promise.all(some.map(integrityOf));
    for (const [n, { path }] of some.entries()) lock.packages[path].integrity = found[n];
  }
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries(sorted);
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}

const missing = missingBinaries(lock);
const unchecked = withoutIntegrity(lock);
const fault =
  missing.length > 0
    ? `lacks ${missing.length} binaries of other platforms`
    : unchecked.length > 0
      ? `has no checksum of ${unchecked.length} packages (${unchecked[0].name}, …)`
      : undefined;

if (fault === undefined) {
  console.log('package-lock.json is complete');
} else if (process.argv.includes('--check')) {
  console.error(`package-lock.json ${fault}; run: node scripts/complete-lock.mjs`);
  process.exitCode = 1;
} else {
  await complete(missing);
  console.log(`package-lock.json ${fault}: completed`);
}
