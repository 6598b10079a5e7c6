/**
 * Ends tests and hooks that take too long, which the runner leaves to others. Circus announces each test and
 * hook while a suite is read; this wraps their functions.
 */
import { addEventHandler } from 'jest-circus';

const DEFAULT_MS = 60_000;

/** Ends the wait for `work` after its time; what it started goes on, as under Jest itself. */
function limited(work, timeoutMs = DEFAULT_MS) {
  return async () => {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`took longer than ${timeoutMs} ms`)), timeoutMs);
    });
    try {
      await Promise.race([late, work()]);
    } finally {
      clearTimeout(timer);
    }
  };
}

addEventHandler(({ name, timeout }, { currentDescribeBlock: { children, hooks } }) => {
  const entry = name === 'add_test' ? children.at(-1) : name === 'add_hook' ? hooks.at(-1) : undefined;
  if (entry?.fn) entry.fn = limited(entry.fn, timeout);
});
