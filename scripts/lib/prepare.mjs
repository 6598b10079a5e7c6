import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dependenciesAreStale, installDependencies } from './dependencies.mjs';
import { findRedis } from './find.mjs';
import { PrepareError, run } from './run.mjs';
import { installPackages } from './system-packages.mjs';
import { prepareBrowser, prepareGenerators, preparePostgres, preparePython } from './test-tools.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

const NO_REDIS =
  'AgentHook needs a Redis server and found none. Three options:\n  1. install Redis 6.2 or newer, or ' +
  'Valkey:   apt-get install redis-server   or   brew install redis\n  2. use a Redis that you have:    ' +
  '           REDIS_URL=redis://host:6379 npm start\n  3. run everything in containers:            ' +
  'docker compose up';

const NO_REDIS_FOR_TESTS =
  'The tests start their own Redis servers and found no redis-server or valkey-server.\nInstall one:   ' +
  'apt-get install redis-server   or   brew install redis';

async function prepareRedis(forTests) {
  if (!forTests && process.env.REDIS_URL) return;
  if (findRedis() !== undefined) return;
  const { output } = await installPackages('Redis', { apt: ['redis-server'], brew: 'redis' });
  if (findRedis() !== undefined) return;
  throw new PrepareError([forTests ? NO_REDIS_FOR_TESTS : NO_REDIS, output.trim()].join('\n').trim());
}

async function build() {
  const { ok, output } = await run(process.execPath, [join(root, 'scripts', 'build.mjs')], {
    cwd: root,
    label: 'building (a few seconds)',
    patience_ms: 800,
  });
  if (!ok) throw new PrepareError(`The build failed:\n${output.trim()}`);
}

/** One after the other, because only one may use the system's packages. */
async function prepareTools() {
  await prepareBrowser();
  await preparePython();
  await preparePostgres();
  await prepareGenerators();
}

/**
 * Prepares a checkout to run the launcher or the test suites. Skips what is already done and then takes about
 * half a second.
 *
 * @param {{forTests: boolean}} options with `forTests`, also what only the suites need
 * @throws PrepareError whose message says what to do
 */
export async function prepare({ forTests }) {
  if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'));
  if (dependenciesAreStale(root)) await installDependencies(root);
  await prepareRedis(forTests);
  await Promise.all([build(), forTests && prepareTools()]);
}
