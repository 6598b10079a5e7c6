/**
 * Prints how the code is structured, as counts: folders of core that import each other, import cycles, and
 * files that are unusually long or short. Ignores tests. `[DIRECTORY]`: another checkout to count; `--names`
 * also prints the names.
 *
 * Biome's noImportCycles refuses cycles; this also counts them where the rule is not enabled.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

const LONG = 200;
const SHORT = 20;
const CODE = /\.(ts|tsx)$/;
const LEFT_OUT = /\.test\.tsx?$|\.d\.ts$|\.script\.ts$|(^|\/)(test|generated)\//;

const withNames = process.argv.includes('--names');
const given = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
const root = resolve(given ?? fileURLToPath(new URL('..', import.meta.url)));

const workspaces = ['packages', 'apps'].flatMap((group) =>
  readdirSync(join(root, group))
    .map((name) => `${group}/${name}`)
    .filter((path) => existsSync(join(root, path, 'src'))),
);

/** The files of a workspace's src, relative to the root, and the number of lines in each. */
function filesOf(workspace) {
  const src = join(root, workspace, 'src');
  const paths = readdirSync(src, { recursive: true }).filter(
    (path) => CODE.test(path) && !LEFT_OUT.test(path),
  );
  return paths.map((path) => {
    const file = join(src, path);
    const code = readFileSync(file, 'utf8');
    return { file, code, lines: code.trimEnd().split('\n').length };
  });
}

/** The files that a file imports by a relative path, including types. */
function importsOf({ file, code }, known) {
  const { module } = parseSync(file, code);
  const named = [
    ...module.staticImports.map((each) => each.moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) => entries.map((entry) => entry.moduleRequest?.value)),
    ...module.dynamicImports.map((each) =>
      code.slice(each.moduleRequest.start + 1, each.moduleRequest.end - 1),
    ),
  ];
  const targets = named
    .filter((name) => name?.startsWith('.'))
    .flatMap((name) => {
      const base = resolve(dirname(file), name).replace(/\.js$/, '');
      return [base, `${base}.ts`, `${base}.tsx`, `${base}/index.ts`]
        .filter((path) => known.has(path))
        .slice(0, 1);
    });
  return [...new Set(targets)];
}

/** Tarjan's strongly connected components with more than one node. `edges` maps each node to its targets. */
function cyclesIn(edges) {
  const order = new Map();
  const low = new Map();
  const stack = [];
  const cycles = [];
  const visit = (node) => {
    order.set(node, order.size);
    low.set(node, order.get(node));
    stack.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node), low.get(next)));
    }
    if (low.get(node) !== order.get(node)) return;
    const cycle = stack.splice(stack.indexOf(node));
    if (cycle.length > 1) cycles.push(cycle.sort());
  };
  for (const node of edges.keys()) if (!order.has(node)) visit(node);
  return cycles;
}

/**
 * Pairs of folders in which each has a file that imports one of the other's. A folder and its subfolders are
 * separate. A file beside the folders counts as a folder, except the entry, which imports all of them and
 * which none imports.
 */
function mutualFolders(edges, src) {
  const folder = (file) => relative(src, dirname(file)) || relative(src, file);
  const imports = new Set();
  for (const [file, targets] of edges)
    for (const target of targets) imports.add(`${folder(file)} ${folder(target)}`);
  return [...imports]
    .map((pair) => pair.split(' '))
    .filter(([from, to]) => from < to && imports.has(`${to} ${from}`))
    .map(([from, to]) => `${from} <> ${to}`)
    .sort();
}

const list = (names) => {
  if (withNames) for (const name of names) console.log(`      ${name}`);
};

const all = workspaces.map((workspace) => ({ workspace, files: filesOf(workspace) }));
const known = new Set(all.flatMap(({ files }) => files.map(({ file }) => file)));

for (const { workspace, files } of all) {
  const edges = new Map(files.map((each) => [each.file, importsOf(each, known)]));
  const short = (file) => relative(join(root, workspace, 'src'), file);
  const cycles = cyclesIn(edges);
  const long = files.filter(({ lines }) => lines > LONG);
  const tiny = files.filter(({ lines }) => lines < SHORT);
  console.log(`${workspace}: ${files.length} files`);
  if (workspace === 'packages/core') {
    const pairs = mutualFolders(edges, join(root, workspace, 'src'));
    console.log(`  pairs of folders that import each other: ${pairs.length}`);
    list(pairs);
  }
  console.log(
    `  import cycles: ${cycles.length}${cycles.length > 0 ? ` (of ${cycles.map((each) => each.length).join(', ')} files)` : ''}`,
  );
  list(cycles.map((cycle) => cycle.map(short).join(' ')));
  console.log(`  over ${LONG} lines: ${long.length}`);
  list(long.map(({ file, lines }) => `${lines}  ${short(file)}`));
  console.log(`  under ${SHORT} lines: ${tiny.length}`);
  list(tiny.map(({ file, lines }) => `${lines}  ${short(file)}`));
}
