import { test as jestTest } from '@jest/globals';
import { findChromium } from '../../../../scripts/lib/find.mjs';
import { needing } from '../harness/needs.js';
import { closeWindows } from './browser.js';

type Test = typeof jestTest.skip;
type Run = (...given: never[]) => unknown;

/** Runs a test and closes its windows: those of a failed test would take the machine from others. */
const closing =
  (run: Run): Run =>
  async (...given) => {
    try {
      await run(...given);
    } finally {
      await closeWindows();
    }
  };

const inBrowser = needing(
  findChromium(),
  'There is no Chrome or Chromium. Install one, or set CHROME_PATH.',
  jestTest as Test & { skip: Test },
) as unknown as { each(table: unknown): typeof plain } & typeof plain;
declare function plain(name: string, run: Run, timeoutMs?: number): void;

/** Jest's `test` for suites with a browser. */
export const test = Object.assign(
  (name: string, run: Run, timeoutMs?: number) => inBrowser(name, closing(run), timeoutMs),
  {
    each: (table: unknown) => (name: string, run: Run, timeoutMs?: number) =>
      inBrowser.each(table)(name, closing(run), timeoutMs),
  },
) as unknown as Test;
