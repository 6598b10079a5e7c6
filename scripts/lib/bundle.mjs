import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { FOLDERS, HTTP_WITHOUT_UNDICI, LOADED_LATER } from './light-start.mjs';

/** How the bundles are made. */
const RECIPES = ['bundle.mjs', 'light-start.mjs'].map((name) =>
  fileURLToPath(new URL(name, import.meta.url)),
);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** The program of the helper processes. packages/bounded looks for this name beside itself. */
const HELPER = { 'bounded-helper.js': '../../../packages/bounded/dist/helper-main.js' };
/** The program that reads one PDF. The api and the worker look for it beside themselves. */
const PDF_CHILD = { 'pdf-child.mjs': '../../api/dist/documents/pdf-child.mjs' };
/** The programs by app: file names in its `bundle`, and the source of each in its `dist`. */
const PROGRAMS = {
  api: { 'server.js': 'server.js', ...PDF_CHILD, ...HELPER },
  cli: { 'operate.js': 'operate/main.js', ...HELPER },
  worker: { 'main.js': 'main.js', 'alone.js': 'alone.js', ...PDF_CHILD, ...HELPER },
};
/** Before the path of a program's source, names the file that a process starts with. */
const ENTRY = 'start:';
/** These read files beside their own. */
const EXTERNAL = ['pino', 'msgpackr-extract'];

/**
 * Makes each program begin with a file that only turns on Node's cache of compiled code and then imports the
 * rest, which is its default export. To compile that took a third of the CPU time of a start. The cache lies
 * beside the program, goes with it, and is written when a process ends. Where the folder cannot be written, a
 * start compiles all. It also sets the number of threads, which counts when the first of them begins: of
 * Node's 4, two look up names, and two slow names would hold up every new connection.
 */
const COMPILED_ONCE = {
  name: 'compiled-once',
  resolveId: (id) => (id.startsWith(ENTRY) ? id : null),
  load: (id) =>
    id.startsWith(ENTRY)
      ? [
          "import { enableCompileCache } from 'node:module';",
          "import { fileURLToPath } from 'node:url';",
          "process.env.UV_THREADPOOL_SIZE ??= '32';",
          "enableCompileCache(fileURLToPath(new URL('compile-cache', import.meta.url)));",
          `export default await import(${JSON.stringify(id.slice(ENTRY.length))});`,
        ].join('\n')
      : null,
};

/**
 * The modules of packages/egress without undici, which are needed from the start. The others are loaded with
 * the first request. Beside them in one file, an api would load all of it.
 */
const CORE_OF_EGRESS = {
  name: 'egress',
  test: /packages\/egress\/dist\/(egress|retry-after|target)\.js|node_modules\/ipaddr/,
};

/** A UTF-16 code unit as an escape. */
const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * Writes all characters that are not ASCII as escapes: for one such character, Node keeps the source of a
 * file with two bytes for each. Together that was 8 MB in an api, and as much in a worker. No `String.raw` in
 * a bundle has such a character.
 */
const ONLY_ASCII = {
  name: 'only-ascii',
  generateBundle: (_options, files) => {
    for (const file of Object.values(files))
      if (file.type === 'chunk') file.code = file.code.replace(/[\u0080-\uffff]/g, escaped);
  },
};

/**
 * When the newest input of the bundles was written, in ms. The compiler updates its record with every output.
 */
function newestInput() {
  const records = ['apps', 'packages'].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(root, group, name, 'dist', '.tsbuildinfo')),
  );
  const inputs = [...records.filter(existsSync), join(root, 'package-lock.json'), ...RECIPES];
  return Math.max(...inputs.map((path) => statSync(path).mtimeMs));
}

/**
 * Bundles the api, the worker and the operator's commands into a few files each. Finding and compiling 1,200
 * modules took most of the two seconds of a start. A process is also 20 MB smaller. Nothing is minified, so
 * stack traces keep their names.
 */
export async function bundlePrograms() {
  for (const [app, files] of Object.entries(PROGRAMS)) {
    const folder = join(root, 'apps', app);
    const outputs = Object.keys(files).map((name) => join(folder, 'bundle', name));
    if (outputs.every((output) => existsSync(output) && statSync(output).mtimeMs >= newestInput())) continue;
    const input = Object.fromEntries(
      Object.entries(files).map(([name, source]) => [name, ENTRY + join(folder, 'dist', source)]),
    );
    const bundle = await rolldown({
      input,
      external: EXTERNAL,
      platform: 'node',
      logLevel: 'warn',
      plugins: [COMPILED_ONCE, HTTP_WITHOUT_UNDICI, LOADED_LATER, FOLDERS, ONLY_ASCII],
    });
    const nameOf = ({ name }) => (name in files ? name : '[name].js');
    await bundle.write({
      dir: join(folder, 'bundle'),
      format: 'esm',
      entryFileNames: nameOf,
      cleanDir: true,
      codeSplitting: { groups: [CORE_OF_EGRESS] },
      // A process keeps the text of its files.
      comments: { annotation: false, jsdoc: false },
    });
    await bundle.close();
  }
}
