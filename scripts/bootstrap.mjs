/**
 * Prepares a fresh clone: a Node that is new enough, dependencies, a Redis server, the build. Runs before
 * `npm start` and, with `--test`, before `npm test` (which also needs Chromium, Python and PostgreSQL). Uses
 * only Node's built-ins, because nothing is installed yet.
 */
const [major] = process.versions.node.split('.').map(Number);

if (major < 18) {
  console.error(`agenthook: Node ${process.version} is too old to prepare anything; install Node 24.`);
  process.exitCode = 1;
} else {
  // Loaded only now, because an older Node may not be able to parse it.
  import('./lib/node.mjs')
    .then(({ ensureNode }) => ensureNode())
    .then(() => import('./lib/prepare.mjs'))
    .then(({ prepare }) => prepare({ forTests: process.argv.includes('--test') }))
    .catch((error) => {
      console.error(error.name === 'PrepareError' ? `\n${error.message}\n` : error);
      process.exitCode = 1;
    });
}
