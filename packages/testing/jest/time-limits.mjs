/**
 * Ends tests and hooks that take too long, which the runner leaves to others: Circus announces each test and
 * hook while a suite is read, and this wraps their functions. The limit is the test's or hook's own, or the
 * suite's (`jest.setTimeout`), or three minutes.
 */
import { addEventHandler, getState } from 'jest-circus';

/** For machines that do much else at the same time. A test that hangs is rare. */
const DEFAULT_MS = 180_000;
/** Circus makes new state for each suite. */
const UNSET_MS = getState().testTimeout;

globalThis.jest.setTimeout = (ms) => {
  getState().testTimeout = ms;
};

/** Ends the wait for `work` after its time; what it started goes on, as under Jest itself. */
function limited(work, timeoutMs) {
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

addEventHandler(({ name, timeout }, { currentDescribeBlock: { children, hooks }, testTimeout }) => {
  const entry = name === 'add_test' ? children.at(-1) : name === 'add_hook' ? hooks.at(-1) : undefined;
  const suiteMs = testTimeout === UNSET_MS ? DEFAULT_MS : testTimeout;
  if (entry?.fn) entry.fn = limited(entry.fn, timeout ?? suiteMs);
});
