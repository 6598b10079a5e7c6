import { test as jestTest } from '@jest/globals';
import { findChromium } from '../../../../scripts/lib/find.mjs';
import { needing } from '../harness/needs.js';

/** Jest's `test` for suites with a browser. */
export const test: typeof jestTest.skip = needing(
  findChromium(),
  'There is no Chrome or Chromium. Install one, or set CHROME_PATH.',
  jestTest,
);
