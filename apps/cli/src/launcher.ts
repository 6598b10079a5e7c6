import { join } from 'node:path';
import type { Lock } from './lock.js';
import { followLog, readableLine, rotateLog } from './logs.js';
import { type Service, type ServiceSpec, startService } from './service.js';
import { type Settings, shownPath } from './settings.js';
import { UserError } from './user-error.js';

type Services = Partial<Record<Service['name'], Service>>;

export interface Launcher {
  services: Services;
  launch(
    name: Service['name'],
    what: Pick<ServiceSpec, 'command' | 'args'> & { env?: NodeJS.ProcessEnv },
  ): void;
  /** Rejects with a UserError if a service ends before `started` is called. */
  failed: Promise<never>;
  /** From now on, restarts a service that dies. */
  started(): void;
  /** From now on, starts nothing: `launch` throws. */
  halt(): void;
  /** Prints the rest of the logs and closes them. */
  close(): void;
}

/**
 * Starts services with one log file each, prints their errors, and records their process ids in the lock.
 *
 * @param say prints one line for the user
 */
export function createLauncher(
  { env, dataDir }: Settings,
  lock: Lock,
  say: (line: string) => void,
): Launcher {
  const services: Services = {};
  const closers: (() => void)[] = [];
  let isStarted = false;
  let isHalted = false;
  let lastShown = '';
  const { promise: failed, reject: fail } = Promise.withResolvers<never>();
  // A caller that awaits it still sees the rejection; there may be none any more.
  failed.catch(() => {});

  const show = (name: string, line: string) => {
    const readable = readableLine(name, line);
    // Api and worker report the same bad setting in the same words.
    const words = readable?.replace(name, '') ?? '';
    if (readable !== undefined && words !== lastShown) say(readable);
    lastShown = words;
  };

  return {
    services,
    failed,
    launch(name, { command, args, env: extra }) {
      if (isHalted) throw new UserError('stopped');
      const logFile = join(dataDir, 'logs', `${name}.log`);
      rotateLog(logFile);
      const isNode = name !== 'redis';
      // Redis's log is not shown, because it warns about the host at every start.
      const flush = isNode ? followLog(logFile, (line) => show(name, line)) : () => {};
      closers.push(flush);
      services[name] = startService(
        { name, command, args, env: { ...env, ...extra }, logFile, ipc: isNode },
        {
          started: (pid) => lock.note(name, pid),
          died(how, restartInMs) {
            const where = `its log is ${shownPath(logFile)}`;
            if (isStarted) {
              say(`${name} died (${how}) and restarts in ${restartInMs / 1000} s; ${where}`);
            } else {
              fail(new UserError(`${name} did not start (${how}); ${where}`));
            }
            return isStarted;
          },
        },
      );
    },
    started() {
      isStarted = true;
    },
    halt() {
      isHalted = true;
    },
    close() {
      for (const close of closers) close();
    },
  };
}
