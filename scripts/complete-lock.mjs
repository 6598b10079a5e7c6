/**
 * Completes package-lock.json after `npm install` (`--check`: only says whether it is complete).
 *
 * npm leaves out of the lock file the binaries for other platforms that it could not load when it wrote the file, and
 * `npm ci` then refuses the file, or installs no binary on those platforms (npm/cli#4828). Each is an exact version in
 * somebody's optionalDependencies, so the entry can be written from that alone.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const PLATFORM =
  /-(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|loong64|ppc64|riscv64|s390x|x64)(-.+)?$/;
const EXACT_VERSION = /^\d+\.\d+\.\d+/;

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));

/** What the lock file says of a binary for one platform, read from its name. */
function entryFor(name, version, isDev) {
  const [, os, cpu, abi = ''] = PLATFORM.exec(name);
  const libc = os !== 'linux' || abi === '' ? undefined : abi.startsWith('-musl') ? ['musl'] : ['glibc'];
  return {
    version,
    cpu: [cpu],
    ...(isDev ? { dev: true } : {}),
    ...(libc === undefined ? {} : { libc }),
    optional: true,
    os: [os],
  };
}

const missing = Object.entries(lock.packages).flatMap(([path, { dev, optionalDependencies = {} }]) =>
  Object.entries(optionalDependencies)
    .filter(([name, version]) => PLATFORM.test(name) && EXACT_VERSION.test(version))
    .filter(
      ([name]) => !lock.packages[`${path}/node_modules/${name}`] && !lock.packages[`node_modules/${name}`],
    )
    .map(([name, version]) => [`node_modules/${name}`, entryFor(name, version, dev)]),
);

if (missing.length === 0) {
  console.log('package-lock.json is complete');
} else if (process.argv.includes('--check')) {
  console.error(
    `package-lock.json lacks ${missing.length} binaries of other platforms; run: node scripts/complete-lock.mjs`,
  );
  process.exitCode = 1;
} else {
  const sorted = Object.entries({ ...lock.packages, ...Object.fromEntries(missing) }).sort(([a], [b]) =>
    a.localeCompare(b, 'en'),
  );
  lock.packages = Object.fromEntries(sorted);
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`package-lock.json: added ${missing.length} binaries of other platforms`);
}
