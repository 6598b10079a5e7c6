import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks repeatedly until the answer is neither false, null nor undefined, and returns it.
 *
 * @param what names the condition in the error
 * @throws when `timeoutMs` have passed, with the last error of `ask` as its cause
 */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 25 } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  let cause: unknown;
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await sleep(everyMs)) {
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
