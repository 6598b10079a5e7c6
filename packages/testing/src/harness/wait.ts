import { setTimeout as sleep } from 'node:timers/promises';

/** How long to wait between two questions, in ms: less often as time passes, because each costs CPU time. */
const pauseAfter = (waitedMs: number): number => Math.min(100, Math.max(25, waitedMs / 20));

/** Only says that something never comes: a machine that runs other suites may be slow at everything. */
const DEFAULT_MS = 30_000;

/**
 * Asks repeatedly until the answer is neither false, null nor undefined, and returns it.
 *
 * @param what names the condition in the error
 * @param options.everyMs how long to wait between two questions; default: 25 ms at first, and at most 100 ms
 * @throws when `timeoutMs` have passed, with the last error of `ask` as its cause
 */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  { timeoutMs = DEFAULT_MS, everyMs }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  let cause: unknown;
  const began = performance.now();
  const pause = () => sleep(everyMs ?? pauseAfter(performance.now() - began));
  for (; performance.now() - began < timeoutMs; await pause()) {
    try {
      const answer = await ask();
      if (answer !== false && answer !== null && answer !== undefined) {
        return answer as NonNullable<Exclude<T, false>>;
      }
    } catch (error) {
      cause = error;
    }
  }
  throw new Error(`${what}: not within ${timeoutMs} ms`, { cause });
}

const DAY_MS = 86_400_000;

/**
 * Waits for the next day of UTC if this one ends within `withinMs`: for tests of what is counted by the day,
 * which would find 0 after midnight.
 */
export async function avoidMidnight(withinMs = 60_000): Promise<void> {
  const leftMs = DAY_MS - (Date.now() % DAY_MS);
  if (leftMs <= withinMs) await sleep(leftMs + 50);
}
