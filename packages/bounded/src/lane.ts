import { type Helper, type Order, type Reply, startHelper } from './helper.js';
import { type LaneSettings, LIMITS } from './limits.js';
import type { Caller } from './outcome.js';

/** A few helpers with a queue of work. Callers take turns. */
export interface Lane {
  /** Runs the work when its turn comes. */
  run(caller: Caller, order: Order): Promise<Reply>;
  close(): void;
}

interface Waiting {
  start(helper: Helper): void;
  /** Gives up its turn. */
  leave(): void;
}

export function createLane({ helpers: most, nice }: LaneSettings): Lane {
  const idle: { helper: Helper; timer: NodeJS.Timeout }[] = [];
  const busy = new Set<Helper>();
  /** Waiting work by caller; the next caller comes first. */
  const lines = new Map<string, Set<Waiting>>();
  let waiting = 0;
  let closed = false;

  const take = (): Helper | undefined => {
    for (let next = idle.pop(); next; next = idle.pop()) {
      clearTimeout(next.timer);
      if (!next.helper.gone) return next.helper;
    }
    return busy.size < most && !closed ? startHelper(nice) : undefined;
  };

  const nextInLine = (): Waiting | undefined => {
    const [first] = lines;
    if (!first) return undefined;
    const [key, line] = first;
    const [work] = line;
    lines.delete(key);
    if (!work) return undefined;
    line.delete(work);
    waiting -= 1;
    if (line.size > 0) lines.set(key, line);
    return work;
  };

  /** Where too much waits, the caller with the most work gives up its newest. Whether there is room. */
  const makeRoom = (key: string): boolean => {
    if (waiting < LIMITS.waiting) return true;
    const own = lines.get(key)?.size ?? 0;
    const longest = [...lines.values()].reduce((a, b) => (b.size > a.size ? b : a), new Set<Waiting>());
    if (own + 1 >= longest.size) return false;
    [...longest].at(-1)?.leave();
    return true;
  };

  const dispatch = (): void => {
    while (waiting > 0) {
      const helper = take();
      if (!helper) return;
      const work = nextInLine();
      if (!work) throw new Error('work is counted that is not in line');
      busy.add(helper);
      work.start(helper);
    }
  };

  const giveBack = (helper: Helper): void => {
    busy.delete(helper);
    if (closed) helper.end();
    else if (!helper.gone) {
      const timer = setTimeout(() => helper.end(), LIMITS.idleMs).unref();
      idle.push({ helper, timer });
    }
  };

  return {
    run: ({ key, waitMs = LIMITS.waitMs, signal }, order) =>
      new Promise<Reply>((resolve) => {
        if (closed || signal?.aborted || !makeRoom(key)) return resolve({ outcome: 'starved' });
        const leave = () => {
          stopWaiting();
          const line = lines.get(key);
          if (!line?.delete(work)) return;
          waiting -= 1;
          if (line.size === 0) lines.delete(key);
          resolve({ outcome: 'starved' });
        };
        const work: Waiting = {
          leave,
          start: async (helper) => {
            stopWaiting();
            const reply = await helper.ask(order, signal);
            giveBack(helper);
            resolve(reply);
            dispatch();
          },
        };
        const timer = setTimeout(leave, waitMs);
        const stopWaiting = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', leave);
        };
        signal?.addEventListener('abort', leave, { once: true });
        const line = lines.get(key) ?? new Set();
        lines.set(key, line.add(work));
        waiting += 1;
        dispatch();
      }),
    close: () => {
      closed = true;
      for (const { helper, timer } of idle) {
        clearTimeout(timer);
        helper.end();
      }
      for (const helper of busy) helper.end();
    },
  };
}
