import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hasEnded, reapWithThisProcess } from './reaper.js';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A child process of a test. */
export interface ManagedProcess {
  readonly pid: number;
  /** Everything it has printed so far, stdout and stderr in order of arrival. */
  log(): string;
  /** Undefined while it runs. */
  exit(): Exit | undefined;
  /** Resolves when it has ended and its output is complete. */
  exited: Promise<Exit>;
  /** Sends a signal. Does nothing once it has ended. */
  signal(signal: NodeJS.Signals): void;
  /** Asks it to end (default SIGTERM), kills it after `timeoutMs`, and resolves when it has ended. */
  stop(signal?: NodeJS.Signals, timeoutMs?: number): Promise<Exit>;
}

/**
 * Starts a program and keeps its output.
 *
 * @param env its whole environment; it inherits nothing from the test run
 * @throws if the program cannot be started
 */
export async function startProcess(
  command: string,
  args: string[],
  { env, cwd }: { env?: Record<string, string | undefined>; cwd?: string } = {},
): Promise<ManagedProcess> {
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  await once(child, 'spawn');
  const pid = child.pid as number;
  reapWithThisProcess(pid);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  let ended: Exit | undefined;
  child.once('exit', () => hasEnded(pid));
  const exited = once(child, 'close').then(([code, signal]): Exit => {
    ended = { code, signal };
    return ended;
  });
  return {
    pid,
    log: () => output,
    exit: () => ended,
    exited,
    signal: (signal) => void child.kill(signal),
    async stop(signal = 'SIGTERM', timeoutMs = 30_000) {
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
      const exit = await exited;
      clearTimeout(timer);
      return exit;
    },
  };
}
