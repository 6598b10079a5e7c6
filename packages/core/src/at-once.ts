/** Runs work in its turn. Rejects as the work does, or with the signal's reason if that aborts first. */
export type AtOnce = <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

/** Limits work that needs much memory or CPU: `places` run at once, the others wait in line. */
export function atOnce(places: number): AtOnce {
  const waiting = new Set<() => void>();
  let free = places;

  const enter = (signal: AbortSignal | undefined): Promise<void> => {
    signal?.throwIfAborted();
    if (free > 0) {
      free--;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const take = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        waiting.delete(take);
        reject(signal?.reason);
      };
      waiting.add(take);
      signal?.addEventListener('abort', leave, { once: true });
    });
  };
  const exit = () => {
    const [next] = waiting;
    if (next === undefined) {
      free++;
      return;
    }
    waiting.delete(next);
    next();
  };

  return async (work, signal) => {
    await enter(signal);
    try {
      return await work();
    } finally {
      exit();
    }
  };
}

/** Runs the work of one key one piece after another, and that of different keys at once. */
export type Turns = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** A line for each key that has work. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const before = last.get(key);
    const own = before ? before.then(work) : work();
    const settled = own.catch(() => undefined);
    last.set(key, settled);
    void settled.then(() => {
      if (last.get(key) === settled) last.delete(key);
    });
    return own;
  };
}
