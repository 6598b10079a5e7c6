import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where bootstrap creates its own Python environment if the system's Python has no `requests` and none may be
 * installed.
 */
export const PYTHON_VENV = fileURLToPath(new URL('../../node_modules/.cache/python', import.meta.url));

/** Where bootstrap installs the programs that make clients from openapi.json, for their suite. */
export const GENERATORS_VENV = fileURLToPath(
  new URL('../../node_modules/.cache/generators', import.meta.url),
);

const MAC_BROWSERS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The full path of the first of these programs on PATH, or undefined. */
export function onPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

/** The path of a Redis (or Valkey) server program, or undefined. */
export const findRedis = () => onPath('redis-server', 'valkey-server');

/**
 * The path of a Chrome or Chromium that can run headless, or undefined. `CHROME_PATH` takes precedence. The
 * headless shell comes next: it renders pages as Chromium does, without the cost of a browser's own windows.
 */
export function findChromium() {
  const chosen = process.env.CHROME_PATH;
  if (chosen) return isProgram(chosen) ? chosen : undefined;
  return (
    onPath(
      'chromium-headless-shell',
      'google-chrome',
      'google-chrome-stable',
      'chromium',
      'chromium-browser',
    ) ?? MAC_BROWSERS.find(isProgram)
  );
}

/**
 * The path of a Python 3 that can `import requests`, or undefined. Several are tried, because the first on
 * PATH may belong to a version manager while the packages are in the system's.
 */
export function findPython() {
  const candidates = [join(PYTHON_VENV, 'bin', 'python3'), onPath('python3'), '/usr/bin/python3'];
  return candidates.find(
    (path) =>
      path !== undefined &&
      isProgram(path) &&
      spawnSync(path, ['-c', 'import requests'], { stdio: 'ignore' }).status === 0,
  );
}

/** The folder with `openapi-python-client`, `openapi-generator-cli` and a Python with both, or undefined. */
export function findGenerators() {
  const folder = join(GENERATORS_VENV, 'bin');
  const programs = ['python3', 'openapi-python-client', 'openapi-generator-cli'];
  return programs.every((name) => isProgram(join(folder, name))) ? folder : undefined;
}

/** Where Debian's and Homebrew's packages install the server, which is not on PATH. */
const POSTGRES_HOMES = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt'];

function foldersOf(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** The folder with PostgreSQL's `initdb` and `postgres`, the newest of several, or undefined. */
export function findPostgres() {
  const installed = POSTGRES_HOMES.flatMap((home) =>
    foldersOf(home)
      .filter((name) => /^(postgresql@?)?\d*$/.test(name))
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
      .map((name) => join(home, name, 'bin')),
  );
  const known = onPath('postgres');
  return [...(known === undefined ? [] : [dirname(known)]), ...installed].find(
    (folder) => isProgram(join(folder, 'initdb')) && isProgram(join(folder, 'postgres')),
  );
}
