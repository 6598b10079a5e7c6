import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const self = fileURLToPath(import.meta.url);
const root = fileURLToPath(new URL('../..', import.meta.url));
const web = join(root, 'apps', 'web');
const dist = join(web, 'dist');
const spec = join(root, 'openapi', 'openapi.json');
const generated = join(web, 'src', 'api', 'generated');
const schema = join(generated, 'schema.ts');
const failures = join(generated, 'failures.ts');
/** Identifies the inputs of the last build. */
const stamp = join(dist, '.built');

/** Inputs of the built pages outside the folder. */
const OTHER_INPUTS = [spec, join(root, 'package-lock.json'), self];
const COMPRESSIBLE = /\.(js|css|svg)$/;
/** Below this size, in bytes, a compressed copy saves nothing. */
const MIN_COMPRESSED = 1024;

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The path of a program in the node_modules of apps/web or of the root. Throws if it is not installed. */
function findBin(name, path) {
  const bin = [web, root].map((base) => join(base, 'node_modules', name, path)).find(existsSync);
  if (bin === undefined) throw new Error(`${name} is not installed: run \`npm install\`.`);
  return bin;
}

/** Runs such a program. Throws if it fails. */
function runBin(name, path, args) {
  const { status } = spawnSync(process.execPath, [findBin(name, path), ...args], {
    cwd: web,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`${name} failed`);
}

/**
 * Generates the types of the Studio's client, and its texts on failure codes, from openapi/openapi.json, if
 * that is newer.
 */
export function generateClientTypes() {
  const newest = Math.max(...[spec, self].map((path) => statSync(path).mtimeMs));
  if ([schema, failures].every((path) => existsSync(path) && statSync(path).mtimeMs >= newest)) return;
  // A field with a default may be omitted from a request; `required` lists what an answer always contains.
  runBin('openapi-typescript', 'bin/cli.js', [spec, '--output', schema, '--default-non-nullable', 'false']);
  const texts = JSON.stringify(JSON.parse(readFileSync(spec, 'utf8'))['x-failure-codes'], undefined, 2);
  const type = 'Record<string, { cause: string; remedy: string; retried: boolean }>';
  writeFileSync(failures, `export const FAILURES: ${type} = ${texts};\n`);
}

function hashInputs() {
  const own = [
    ...filesBelow(join(web, 'src')).filter((file) => !/\.test\.tsx?$/.test(file)),
    ...filesBelow(join(web, 'public')),
    ...['index.html', 'package.json', 'vite.config.ts'].map((name) => join(web, name)),
  ];
  const hash = createHash('sha256');
  for (const file of [...own, ...OTHER_INPUTS])
    hash.update(file.slice(root.length)).update(readFileSync(file));
  return hash.digest('hex');
}

/**
 * Writes .br and .gz copies beside the files that the api serves, so that it never compresses at run time.
 */
function compress() {
  for (const file of filesBelow(dist).filter((name) => COMPRESSIBLE.test(name))) {
    const bytes = readFileSync(file);
    if (bytes.length < MIN_COMPRESSED) continue;
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    };
    writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

/** Builds the Studio into apps/web/dist if its inputs differ from those of the last build. */
export function buildWeb() {
  const inputs = hashInputs();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) return;
  runBin('vite', 'bin/vite.js', ['build', '--logLevel', 'warn']);
  compress();
  writeFileSync(stamp, inputs);
}

/** `npm run dev`: the Studio with hot reload, against a running api. Further arguments go to Vite. */
export async function serveWeb() {
  generateClientTypes();
  // Runs in this process, because Vite ends it on a signal but would outlive a process that only started it.
  process.chdir(web);
  await import(pathToFileURL(findBin('vite', 'bin/vite.js')).href);
}
