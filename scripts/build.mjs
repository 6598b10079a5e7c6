/** `npm run build`: compiles everything in a checkout. Fast if nothing changed. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bundlePrograms } from './lib/bundle.mjs';
import { generateScripts } from './lib/lua/generate.mjs';
import { buildWeb, generateClientTypes } from './lib/web.mjs';

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
