import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

export interface ServiceSpec {
  name: 'redis' | 'api' | 'worker';
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  logFile: string;
  /** Opens an IPC channel, whose end tells the child that this process is gone. */
  ipc: boolean;
}

export interface ServiceEvents {
  started(pid: number): void;
  /**
   * Called on an unrequested exit, described by `how`. Returns whether to restart the service after
   * `restartInMs`.
   */
  died(how: string, restartInMs: number): boolean;
}

export interface Service {
  readonly name: ServiceSpec['name'];
  /** Sends SIGTERM and waits until it has ended. */
  stop(): Promise<void>;
  /** Kills it and everything it started, at once. */
  kill(): void;
}

const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;
/** A service that ran this long had started well, so its next failure counts as the first. */
const GOOD_RUN_MS = 60_000;

/** The wait before start number `failures` + 1, in ms. */
export const backoffMs = (failures: number): number =>
  Math.min(FIRST_BACKOFF_MS * 2 ** (failures - 1), MAX_BACKOFF_MS);

function spawnService({ command, args, env, logFile, ipc }: ServiceSpec): ChildProcess {
  // The child writes its own log. A pipe would break if this process were killed, and the child with it.
  const log = openSync(logFile, 'a', 0o600);
  // With its own process group, the child does not get the terminal's Ctrl-C: the launcher decides the
  // shutdown order.
  const options = { env, detached: true };
  try {
    return ipc
      ? spawn(command, args, { ...options, stdio: ['ignore', log, log, 'ipc'] })
      : spawn(command, args, { ...options, stdio: ['ignore', log, log] });
  } finally {
    closeSync(log);
  }
}

/** Starts a child process and keeps it running, with growing waits, until it is stopped. */
export function startService(spec: ServiceSpec, events: ServiceEvents): Service {
  let child: ChildProcess | undefined;
  let gone: Promise<void> = Promise.resolve();
  let restart: NodeJS.Timeout | undefined;
  let stopping = false;
  let failures = 0;

  const launch = () => {
    const started = Date.now();
    const current = spawnService(spec);
    child = current;
    gone = new Promise((resolve) => {
      const ended = (how: string) => {
        if (child !== current) return;
        child = undefined;
        resolve();
        if (stopping) return;
        failures = Date.now() - started > GOOD_RUN_MS ? 1 : failures + 1;
        if (events.died(how, backoffMs(failures))) restart = setTimeout(launch, backoffMs(failures));
      };
      current.once('error', (error) => ended(error.message));
      current.once('exit', (code, signal) => ended(signal === null ? `exit code ${code}` : signal));
    });
    if (current.pid !== undefined) events.started(current.pid);
  };
  launch();

  return {
    name: spec.name,
    stop() {
      clearTimeout(restart);
      if (!stopping) child?.kill('SIGTERM');
      stopping = true;
      return gone;
    },
    kill() {
      clearTimeout(restart);
      stopping = true;
      if (child?.pid === undefined) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has already ended by itself.
      }
    },
  };
}
