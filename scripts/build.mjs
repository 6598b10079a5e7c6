/** `npm run build`: compiles everything in a checkout. Fast if nothing changed. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureNode } from './lib/node.mjs';

await ensureNode();
// Only now, because an older Node may not be able to load the bundler.
const { bundlePrograms } = await import('./lib/bundle.mjs');
const { generateScripts } = await import('./lib/lua/generate.mjs');
const { buildWeb, generateClientTypes } = await import('./lib/web.mjs');
const root = fileURLToPath(new URL('..', import.meta.url));

generateClientTypes();
generateScripts();
const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
if (status === 0) {
  await bundlePrograms();
  buildWeb();
}
