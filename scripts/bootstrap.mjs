/**
 * Prepares a fresh clone: dependencies, a Redis server, the build. Runs before `npm start` and, with
 * `--test`, before `npm test` (which also needs Chromium, Python and PostgreSQL). Uses only Node's built-ins,
 * because nothing is installed yet.
 */
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`AgentHook needs Node 20.19 or newer (20, 22 or 24); this is ${process.version}.`);
  process.exitCode = 1;
} else {
  // Loaded only now, because an older Node may not be able to parse it.
  import('./lib/prepare.mjs')
    .then(({ prepare }) => prepare({ forTests: process.argv.includes('--test') }))
    .catch((error) => {
      console.error(error.name === 'PrepareError' ? `\n${error.message}\n` : error);
      process.exitCode = 1;
    });
}
