/** How long finished tasks are kept, as all processes together see it. */
export interface Retention {
  /** The setting of this process, in seconds. */
  readonly own: number;
  /** The retention that holds now, in seconds. */
  seconds(): number;
  /**
   * Takes note of what Redis and the live processes say. Returns what Redis must store, or undefined.
   *
   * @param stored the retention in Redis, in seconds
   * @param live the settings of the live processes, in seconds
   */
  note(stored: number | undefined, live: readonly number[]): number | undefined;
}

/** How long all live processes must agree on a shorter retention before it holds, in ms. */
const AGREED_MS = 60_000;

/**
 * The retention is the longest that a live process wants, and is stored once in Redis. A longer one holds at
 * once. A shorter one holds only after a minute in which no process wanted more: during a restart, the
 * processes with the old setting are gone for a moment.
 *
 * @param now a monotonic clock, in ms
 */
export function createRetention(own: number, now: () => number): Retention {
  let current = own;
  let shorterSince: number | undefined;
  return {
    own,
    seconds: () => current,
    note: (stored, live) => {
      const longest = Math.max(own, ...live);
      if (stored === undefined || longest >= stored) {
        current = longest;
        shorterSince = undefined;
      } else {
        shorterSince ??= now();
        current = now() - shorterSince < AGREED_MS ? stored : longest;
      }
      return current === stored ? undefined : current;
    },
  };
}
