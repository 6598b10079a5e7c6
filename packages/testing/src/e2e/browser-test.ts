import { test as jestTest } from '@jest/globals';
import { findChromium } from '../../../../scripts/lib/find.mjs';

const MESSAGE = 'No Chrome or Chromium: the browser suite is skipped. Install one, or set CHROME_PATH.';

/**
 * Jest's `test` for suites with a browser. Without one, they are skipped with a loud line; under CI they
 * fail.
 */
export const test: typeof jestTest.skip = findChromium() === undefined ? skipAll() : jestTest;

function skipAll(): typeof jestTest.skip {
  if (process.env.CI === 'true') throw new Error(MESSAGE);
  console.warn(`!!  ${MESSAGE}`);
  return jestTest.skip;
}
