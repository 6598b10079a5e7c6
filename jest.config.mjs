import { totalmem } from 'node:os';

/** What a test process needs with the stack and the browser that its suites share, in bytes. */
const PROCESS_BYTES = 2 ** 30;

export default {
  // The real redis-server of all suites, which the second stops.
  globalSetup: '<rootDir>/packages/testing/jest/global-setup.mjs',
  globalTeardown: '<rootDir>/packages/testing/jest/global-teardown.mjs',
  testMatch: [
    '<rootDir>/packages/*/src/**/*.test.ts',
    '<rootDir>/apps/*/src/**/*.test.ts',
    '<rootDir>/scripts/**/*.test.mjs',
  ],
  modulePathIgnorePatterns: ['/dist/', '/bundle/', '/.agenthook/'],
  runner: '<rootDir>/scripts/lib/jest-runner.mjs',
  setupFilesAfterEnv: ['<rootDir>/packages/testing/jest/time-limits.mjs'],
  testSequencer: '<rootDir>/packages/testing/jest/longest-first.mjs',
  // How many suites run at a time at most. How many do depends on how busy the machine is: see jest-room.mjs.
  // Many only wait, for a lock or a heartbeat: with four, two processors were idle for half of a run.
  maxWorkers: Math.max(2, Math.min(8, Math.floor(totalmem() / PROCESS_BYTES))),
};
