import { test as jestTest } from '@jest/globals';
import { findChromium } from '../../../../scripts/lib/find.mjs';
import { needing } from '../harness/needs.js';

/** Jest's `test` for suites with a browser. */
export const test = needing<typeof jestTest.skip>(
  findChromium(),
  'There is no Chrome or Chromium. Install one, or set CHROME_PATH.',
  jestTest,
);
