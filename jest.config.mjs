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
  maxWorkers: 4,
};
