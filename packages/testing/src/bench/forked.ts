import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A script of this folder in its own process, connected by Node's message channel. */
export interface Forked {
  readonly pid: number;
  /** The next message. Throws if the process ends first or `timeoutMs` pass. */
  receive<T>(timeoutMs: number): Promise<T>;
  send(message: object): void;
  stop(): void;
}

/**
 * Starts a script of this folder. It ends together with this process, because Node tells it when the channel
 * closes.
 *
 * @param name of the compiled file, without `.js`
 */
export function forkScript(name: string): Forked {
  const child: ChildProcess = fork(fileURLToPath(new URL(`${name}.js`, import.meta.url)));
  const receive = <T>(timeoutMs: number) =>
    new Promise<T>((resolve, reject) => {
      const finish = (end: () => void) => {
        clearTimeout(timer);
        child.off('message', onMessage).off('exit', onExit);
        end();
      };
      const onMessage = (message: unknown) => finish(() => resolve(message as T));
      const onExit = () => finish(() => reject(new Error(`${name} ended`)));
      const onTime = () => finish(() => reject(new Error(`${name}: nothing within ${timeoutMs} ms`)));
      const timer = setTimeout(onTime, timeoutMs);
      child.on('message', onMessage).on('exit', onExit);
    });
  return {
    pid: child.pid as number,
    receive,
    send: (message) => void child.send(message),
    stop: () => void child.kill(),
  };
}
