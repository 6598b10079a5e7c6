/** What `knip` looks at for files, exports and dependencies that nothing uses. */
export default {
  treatConfigHintsAsErrors: true,
  ignoreBinaries: ['mkfifo', 'openssl'],
  workspaces: {
    '.': {
      entry: ['scripts/*.mjs', 'scripts/lib/jest-results.mjs', 'scripts/lib/find.d.mts', 'examples/*.mjs'],
      project: ['{scripts,examples}/**/*.{mjs,mts,lua}'],
    },
    'apps/api': { entry: ['src/server.ts', 'src/openapi.ts'] },
    'apps/worker': { entry: ['src/{main,alone}.ts'] },
    'apps/cli': { entry: ['src/main.ts', 'src/operate/main.ts'] },
    'apps/web': {
      entry: ['public/*.js'],
      ignoreDependencies: ['openapi-typescript'],
    },
    'packages/testing': {
      entry: [
        'examples/**/*.mjs',
        'jest/hanging.suite.mjs',
        'src/bench/{main,bare-server,load-generator,task-memory}.ts',
        'src/chaos/main.ts',
        'src/hostile/bystander-process.ts',
        'src/e2e/studio/screenshots.ts',
        'src/e2e/studio/tour.ts',
      ],
    },
    'packages/core': { entry: ['src/**/*.lua'] },
    'packages/*': {},
  },
  // A Lua file uses the constants that it imports. Its generated module is not committed, so not seen here.
  compilers: { lua: (text) => text.match(/(?<=^-- @)import .+$/gm)?.join('\n') ?? '' },
};
