/** What a bundled program leaves out of its start: modules that it needs late or never. */
import http from 'node:http';
import { dirname } from 'node:path';

/** The names by which `node:http` gives away Node's own undici. */
const OF_UNDICI = new Set(['WebSocket', 'CloseEvent', 'MessageEvent']);

/**
 * Takes `node:http` as CommonJS would. An import statement reads all its exports, three of which load Node's
 * copy of undici: 14 MB and 50 ms of a core.
 */
export const HTTP_WITHOUT_UNDICI = {
  name: 'http-without-undici',
  resolveId: (id, _importer, { kind }) =>
    (id === 'node:http' || id === 'http') && kind === 'import-statement' ? '\0http-without-undici' : null,
  load: (id) =>
    id === '\0http-without-undici'
      ? [
          "const http = process.getBuiltinModule('node:http');",
          'export default http;',
          `export const { ${Object.keys(http).filter((name) => !OF_UNDICI.has(name))} } = http;`,
        ].join('\n')
      : null,
};

/** Functions of packages that are loaded, from the node_modules of a dependency, when one is first called. */
const LATER = {
  // For the description as YAML.
  yaml: { of: '@fastify/swagger', functions: ['parse', 'stringify'] },
  // For folders whose files all get a route of their own.
  glob: { of: '@fastify/static', functions: ['glob'] },
};
const PREFIX = '\0later:';

/** The packages of `LATER`, which no start needs but which took a sixth of an api's. */
export const LOADED_LATER = {
  name: 'loaded-later',
  resolveId: (id) => (id in LATER ? PREFIX + id : null),
  load: (id) => {
    if (!id.startsWith(PREFIX)) return null;
    const name = id.slice(PREFIX.length);
    const { of, functions } = LATER[name];
    return [
      "import { createRequire } from 'node:module';",
      `const load = () => createRequire(createRequire(import.meta.url).resolve('${of}'))('${name}');`,
      ...functions.map((fn) => `export const ${fn} = (...args) => load().${fn}(...args);`),
    ].join('\n');
  },
};

/** A bundled package that reads files of its folder. */
const READS_FILES = '@fastify/swagger-ui';
const FOLDER = '\0folder:';

/** Gives the files of `READS_FILES` their folder in node_modules as `__dirname`. */
export const FOLDERS = {
  name: 'folders',
  transform: (code, id) => {
    const [, path] = id.split(`node_modules/${READS_FILES}/`);
    if (path === undefined || !code.includes('__dirname')) return null;
    return code.replaceAll('__dirname', `require(${JSON.stringify(FOLDER + dirname(path))}).folder`);
  },
  resolveId: (id) => (id.startsWith(FOLDER) ? id : null),
  load: (id) =>
    id.startsWith(FOLDER)
      ? [
          "import { createRequire } from 'node:module';",
          "import { join } from 'node:path';",
          `const found = createRequire(import.meta.url).resolve('${READS_FILES}/package.json');`,
          `export const folder = join(found, '..', '${id.slice(FOLDER.length)}');`,
        ].join('\n')
      : null,
};
