import { beforeAll, test } from '@jest/globals';

/**
 * Tests that mostly wait for the product and share nothing that one of them changes. All begin at once, and
 * each is reported by itself once all have ended. In a `describe`, they begin after the tests before it.
 *
 * @param tests by name
 */
export function atOnce(tests: Record<string, () => Promise<void>>, timeoutMs?: number): void {
  const ends = new Map<string, Promise<void>>();
  beforeAll(() => {
    for (const [name, run] of Object.entries(tests)) ends.set(name, run());
    // A failure before it is awaited must not end the process.
    for (const end of ends.values()) end.catch(() => {});
  });
  const settled = () => Promise.allSettled(ends.values());
  for (const name of Object.keys(tests)) test(name, () => settled().then(() => ends.get(name)), timeoutMs);
}
