import { setTimeout as timer } from 'node:timers/promises';

/**
 * Resolves after `ms`. Rejects with an AbortError when `signal` aborts first. A sleep in the background does
 * not keep the process alive.
 */
export const sleep = (
  ms: number,
  { signal, background = false }: { signal?: AbortSignal | undefined; background?: boolean } = {},
): Promise<void> => timer(ms, undefined, { ref: !background, ...(signal && { signal }) });

/**
 * Settles like `work`, or resolves with `late` once `ms` have passed. The work continues; its later outcome
 * is ignored. The deadline does not keep the process alive.
 */
export async function withDeadline<T, Late = undefined>(
  work: Promise<T>,
  ms: number,
  late?: Late,
): Promise<T | Late> {
  let deadline: NodeJS.Timeout | undefined;
  const passed = new Promise<Late>((resolve) => {
    deadline = setTimeout(() => resolve(late as Late), ms).unref();
  });
  try {
    return await Promise.race([work, passed]);
  } finally {
    clearTimeout(deadline);
  }
}

/**
 * Settles like `work`, or rejects with the reason of `signal` when that aborts first. The work's later
 * outcome is ignored.
 */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * Resolves when `event` settles, `ms` have passed or `signal` aborts, whichever comes first, and leaves
 * nothing behind.
 */
export function within(ms: number, event: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(deadline);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const deadline = setTimeout(done, Math.max(0, ms));
    if (signal.aborted) return done();
    signal.addEventListener('abort', done, { once: true });
    event.then(done, done);
  });
}

/**
 * Runs `work` every `ms`, first after `ms`. Skips a turn while the previous one still runs, for example
 * because a server does not answer. A rejection goes to `onError`, and the next turn still comes. Returns a
 * function that stops it; work in progress ends by itself.
 */
export function every(
  ms: number,
  work: () => Promise<unknown>,
  onError: (error: unknown) => void,
): () => void {
  let isBusy = false;
  const turn = async () => {
    if (isBusy) return;
    isBusy = true;
    try {
      await work();
    } catch (error) {
      onError(error);
    } finally {
      isBusy = false;
    }
  };
  const turns = setInterval(turn, ms);
  return () => clearInterval(turns);
}
