/** ES modules that Fastify's packages require(): Node can do that since 20.19, Jest only on Node 24. */
const REQUIRED_ES_MODULES = 'content-disposition|cookie';

/** How TypeScript runs under Jest: stripped by SWC, as native ES modules. */
const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
    [`/node_modules/(${REQUIRED_ES_MODULES})/.+\\.js$`]: ['@swc/jest', { module: { type: 'commonjs' } }],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${REQUIRED_ES_MODULES})/)`],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // "@agenthook/source": workspace packages are read from src, so a unit test needs no build.
  testEnvironmentOptions: { customExportConditions: ['@agenthook/source', 'node', 'node-addons'] },
  modulePathIgnorePatterns: ['/dist/', '/bundle/', '/.agenthook/'],
};

export default {
  // Both projects share the real redis-server that this starts and stops.
  globalSetup: '<rootDir>/packages/testing/jest/global-setup.mjs',
  globalTeardown: '<rootDir>/packages/testing/jest/global-teardown.mjs',
  testTimeout: 60_000,
  // Acceptance suites mostly wait, for locks to run out for example: three at a time even on two cores.
  maxWorkers: 3,
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/packages/!(testing)/src/**/*.test.ts',
        '<rootDir>/apps/*/src/**/*.test.ts',
        '<rootDir>/scripts/**/*.test.mjs',
      ],
    },
    {
      ...base,
      displayName: 'acceptance',
      testMatch: ['<rootDir>/packages/testing/src/**/*.test.ts'],
    },
  ],
};
