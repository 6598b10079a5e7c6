import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { npmCommand, PrepareError, run } from './run.mjs';

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/**
 * Whether node_modules differs from package-lock.json in a package or version. Compares contents, because
 * file times mean nothing after a clone, a checkout or a restored cache.
 *
 * @param {string} root the repository's folder
 */
export function dependenciesAreStale(root) {
  const wanted = readJson(join(root, 'package-lock.json')).packages;
  let installed;
  try {
    installed = readJson(join(root, 'node_modules', '.package-lock.json')).packages;
  } catch {
    return true;
  }
  return Object.entries(wanted).some(([path, entry]) => {
    if (!path.includes('node_modules/')) return false;
    const has = installed[path];
    // The lock file lists optional packages for other platforms, which are never installed.
    if (has === undefined) return !entry.optional;
    return has.version !== entry.version || has.integrity !== entry.integrity || has.link !== entry.link;
  });
}

/**
 * Installs exactly what package-lock.json lists.
 *
 * @param {string} root the repository's folder
 * @throws PrepareError with npm's own message
 */
export async function installDependencies(root) {
  const [command, ...prefix] = npmCommand();
  // --include=dev: the compiler is a dev dependency, which NODE_ENV=production would omit.
  const { ok, output } = await run(command, [...prefix, 'ci', '--include=dev', '--no-audit', '--no-fund'], {
    cwd: root,
    env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` },
    label: 'installing dependencies (about 20 s)',
  });
  if (!ok) throw new PrepareError(`npm ci failed:\n${output.trim()}`);
}
