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
  // Suites run in plain Node processes and share loaded modules. Linking them took most of a suite's time.
  runner: ['jest-light-runner', { runtime: 'child_process' }],
  setupFilesAfterEnv: ['<rootDir>/packages/testing/jest/time-limits.mjs'],
  testSequencer: '<rootDir>/packages/testing/jest/longest-first.mjs',
  // Two saturate most of two cores: with three, suites with browsers and killed processes delay each other
  // so much that little is gained.
  maxWorkers: 2,
};
