import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const self = fileURLToPath(import.meta.url);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** The program of the helper processes; packages/bounded looks for this name beside itself. */
const HELPER = { 'bounded-helper.js': '../../../packages/bounded/dist/helper-main.js' };
/** The programs that run for long, by their app: names of files in its `bundle`, and what each is made from in its `dist`. */
const PROGRAMS = {
  api: { 'server.js': 'server.js', 'pdf-child.mjs': 'documents/pdf-child.mjs', ...HELPER },
  worker: { 'main.js': 'main.js', 'alone.js': 'alone.js', ...HELPER },
};
/** These read files beside their own. */
const EXTERNAL = ['@fastify/swagger', '@fastify/swagger-ui', '@fastify/static', 'pino', 'msgpackr-extract'];

/** When the newest of what bundles are made from was written, in ms: the compiler writes its record with every output. */
function newestInput() {
  const records = ['apps', 'packages'].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(root, group, name, 'dist', '.tsbuildinfo')),
  );
  const inputs = [...records.filter(existsSync), join(root, 'package-lock.json'), self];
  return Math.max(...inputs.map((path) => statSync(path).mtimeMs));
}

/**
 * Puts the api and the worker into few files each. Of the two seconds that they took to start, most went into finding and
 * compiling some 1,200 modules; a started process is 20 MB smaller, too. Nothing is minified: stacks keep their names.
 */
export async function bundlePrograms() {
  for (const [app, files] of Object.entries(PROGRAMS)) {
    const folder = join(root, 'apps', app);
    const outputs = Object.keys(files).map((name) => join(folder, 'bundle', name));
    if (outputs.every((output) => existsSync(output) && statSync(output).mtimeMs >= newestInput())) continue;
    const input = Object.fromEntries(
      Object.entries(files).map(([name, source]) => [name, join(folder, 'dist', source)]),
    );
    const bundle = await rolldown({ input, external: EXTERNAL, platform: 'node', logLevel: 'warn' });
    const nameOf = ({ name }) => (name in files ? name : '[name].js');
    await bundle.write({
      dir: join(folder, 'bundle'),
      format: 'esm',
      entryFileNames: nameOf,
      cleanDir: true,
    });
    await bundle.close();
  }
}
