import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { BINARIES, isNewEnough, oldestNode } from './node.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path) => readFileSync(join(root, path), 'utf8');
const oldest = oldestNode();
const mine = BINARIES[`${process.platform}-${process.arch}`];
const NO_REGISTRY = { npm_config_registry: 'http://127.0.0.1:9' };

/** A Node on PATH that is too old, if this machine has one. */
const oldNode = process.env.PATH.split(delimiter)
  .map((folder) => join(folder, 'node'))
  .filter(existsSync)
  .find((path) => {
    const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
    return /^v\d/.test(stdout) && !isNewEnough(stdout.slice(1), oldest);
  });

let clone;

/** Changes a file of the clone. */
function change(path, from, to) {
  const text = readFileSync(join(clone, path), 'utf8');
  expect(text).toContain(from);
  writeFileSync(join(clone, path), text.replaceAll(from, to));
}

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'agenthook-node-'));
  for (const path of ['scripts', 'package.json'])
    cpSync(join(root, path), join(clone, path), { recursive: true });
  // What follows the choice of a Node says which one was chosen, for itself and for what it starts by name.
  writeFileSync(
    join(clone, 'scripts/lib/prepare.mjs'),
    `import { execFileSync } from 'node:child_process';
    export async function prepare(options) {
      const byName = execFileSync('node', ['--version'], { encoding: 'utf8' }).trim();
      console.log(JSON.stringify({ version: process.version, byName, ...options }));
      process.exitCode = 3;
    }`,
  );
});

afterEach(() => rmSync(clone, { recursive: true, force: true }));

function bootstrap(program, env = {}) {
  return spawnSync(program, [join(clone, 'scripts/bootstrap.mjs'), '--test'], {
    encoding: 'utf8',
    // It blocks this process, so nothing else could end a wait.
    timeout: 120_000,
    env: { ...process.env, npm_execpath: '', ...env },
  });
}

/** Bootstraps with a Node that is too old: the machine's, or this one after the range was moved past it. */
function bootstrapOld(env) {
  if (oldNode === undefined) change('package.json', `">=${oldest}"`, '">=99.0"');
  return bootstrap(oldNode ?? process.execPath, env);
}

test('a Node that is new enough prepares everything itself and fetches nothing', () => {
  const { stdout, stderr, status } = bootstrap(process.execPath, NO_REGISTRY);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchObject({ version: process.version, forTests: true });
  expect(status).toBe(3);
  expect(existsSync(join(clone, '.agenthook'))).toBe(false);
});

test('an older Node fetches the pinned one once, and everything runs with that', () => {
  const pinned = `v${mine.version}`;
  const first = bootstrapOld();
  expect(first.stderr).toMatch(/^agenthook: needs Node \S+ or newer; .* Fetching Node \S+ into .*…\n$/);
  expect(JSON.parse(first.stdout)).toEqual({ version: pinned, byName: pinned, forTests: true });
  expect(first.status).toBe(3);

  const second = bootstrap(oldNode ?? process.execPath, NO_REGISTRY);
  expect(second.stderr).toBe('');
  expect(JSON.parse(second.stdout)).toMatchObject({ version: pinned });
});

test.each([
  ['the registry cannot be reached', 'the npm registry cannot be reached', () => {}, NO_REGISTRY],
  [
    'the package has other contents',
    'the registry sent something other than the pinned package',
    () => change('scripts/lib/node.mjs', mine.integrity, `sha512-${'A'.repeat(86)}==`),
    {},
  ],
  [
    'there is no package for the platform',
    `there is none to fetch for ${process.platform}-${process.arch}`,
    () => change('scripts/lib/node.mjs', `'${process.platform}-${process.arch}': {`, "'other': {"),
    {},
  ],
])('where %s, one line says so and what to do', (_case, reason, arrange, env) => {
  arrange();
  const { stdout, stderr, status } = bootstrapOld(env);
  const lines = stderr.trim().split('\n');
  const last = lines.pop();
  expect(last).toContain(reason);
  expect(last).toContain('Install Node 24 yourself, or run `docker compose up`.');
  expect(lines.filter((line) => !line.includes('Fetching Node'))).toEqual([]);
  expect(stdout).toBe('');
  expect(status).toBe(1);
  const folder = join(clone, '.agenthook/node');
  expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
});

test.each(Object.entries(BINARIES))('the Node for %s is new enough and pinned', (_platform, binary) => {
  expect(isNewEnough(binary.version, oldest)).toBe(true);
  expect(binary.integrity).toMatch(/^sha512-[\w+/]{86}==$/);
});

test.each([
  ['22.18.0', false],
  ['20.20.2', false],
  ['22.19.0', true],
  ['22.23.1', true],
  ['24.0.0', true],
  ['100.0.0', true],
])('Node %s against 22.19: %s', (version, enough) => {
  expect(isNewEnough(version, '22.19')).toBe(enough);
});

test('no package needs a newer Node', () => {
  const { packages } = JSON.parse(read('package-lock.json'));
  expect(packages['node_modules/undici'].engines.node).toBe(`>=${oldest}.0`);
});

test('what is said about the Node that is needed agrees', () => {
  expect(read('README.md')).toContain(`Node ${oldest} or newer`);
  expect(read('CONTRIBUTING.md')).toContain(`Node ${oldest} or newer`);

  const image = read('.nvmrc').trim();
  const images = ['Dockerfile', '.devcontainer/devcontainer.json']
    .flatMap((path) => [...read(path).matchAll(/\bnode:(\d+)/g)])
    .map(([, tag]) => tag);
  expect([...new Set(images)]).toEqual([image]);
  expect(mine.version.startsWith(`${image}.`) || process.platform === 'darwin').toBe(true);

  const [, matrix] = /node: \[(.*)\]/.exec(read('.github/workflows/ci.yml'));
  const versions = matrix.split(', ');
  expect(versions[0]).toBe(oldest.split('.')[0]);
  expect(versions).toContain(image);
});
