import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type ManagedProcess, startProcess } from './managed-process.js';
import { until } from './wait.js';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const READY_MS = 45_000;

/** A running `agenthook start`, as its user sees it. */
export interface Launcher extends ManagedProcess {
  /** Waits for the end of the banner. Throws with the whole output if the launcher ends first. */
  ready(): Promise<void>;
  /** The lines of the banner that users paste into a shell. */
  curlLines(): string[];
  /** The ids of its child processes. */
  children(): Record<'redis' | 'api' | 'worker', number>;
}

/**
 * Starts the launcher as `npm start` does after its preparation.
 *
 * @param home its data folder
 * @param port for the api
 */
export async function startLauncher(
  home: string,
  port: number,
  env: Record<string, string> = {},
): Promise<Launcher> {
  const started = await startProcess(process.execPath, ['apps/cli/dist/main.js', 'start'], {
    cwd: ROOT,
    // Empty means unset, and keeps a developer's .env from supplying a Redis or a key.
    env: {
      REDIS_URL: '',
      ADMIN_API_KEY: '',
      SECRET_KEY: '',
      PUBLIC_URL: '',
      HOST: '',
      DEFAULT_MODEL: '',
      AGENTHOOK_HOME: home,
      PORT: String(port),
      ...env,
    },
  });
  return {
    ...started,
    async ready() {
      await until(
        'the banner',
        () => started.exit() !== undefined || started.log().includes('Ctrl-C stops everything'),
        { timeoutMs: READY_MS },
      );
      if (started.exit() !== undefined) throw new Error(`the launcher ended:\n${started.log()}`);
    },
    curlLines: () =>
      started
        .log()
        .split('\n')
        .filter((line) => line.startsWith('curl ')),
    children: () => JSON.parse(readFileSync(join(home, 'lock'), 'utf8')).children,
  };
}

/** Runs a line as a person's shell would and returns its output. Throws if it fails. */
export async function inShell(line: string): Promise<string> {
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', line], { cwd: ROOT });
  return stdout;
}

/** Whether a process with this id runs. A process that has ended but is not yet collected does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !(existsSync('/proc') && /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
  } catch {
    return false;
  }
}
