import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import * as contracts from '../../packages/contracts/src/index.js';
import { ApiEnvironment, WorkerEnvironment } from '../../packages/core/src/index.js';
import { bytes, constantOf, count, ms } from './docs/constants.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path) => readFileSync(join(root, path), 'utf8');
const below = (folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...below('docs'),
  ...below('examples'),
];
const withoutCode = (text) => text.replace(/^```.*?^```$/gms, '');

test('tests that docs/explanation/security.md names exist', () => {
  const text = read('docs/explanation/security.md');
  const named = [...text.matchAll(/`([\w/-]+\.test\.m?[jt]s)`/g)].map(([, path]) => path);
  expect(named.length).toBeGreaterThan(10);
  const missing = named.filter(
    (path) => !existsSync(join(root, path)) && !existsSync(join(root, 'packages/testing/src', path)),
  );
  expect(missing).toEqual([]);
});

/** The anchors of a page: those that GitHub makes of headings, and its own. */
function anchorsOf(path) {
  const text = withoutCode(readFileSync(path, 'utf8'));
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
  return new Set([...headings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id)]);
}

test.each(pages)('files and headings that %s links to exist', (page) => {
  const links = [...withoutCode(read(page)).matchAll(/\]\(\s*([^)\s]+)\)/g)].map(([, link]) => link);
  const missing = links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path, anchor] = link.split('#');
    const file = path === '' ? join(root, page) : join(root, dirname(page), path);
    if (!existsSync(file)) return true;
    return anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).has(anchor);
  });
  expect(missing).toEqual([]);
});

/** Where a path of a page may begin: core's `intake/receive.ts` is `core/src/…`, and below packages. */
const SOURCES = [
  '',
  'packages',
  'apps',
  'packages/core/src',
  'packages/testing/src',
  'apps/web/src',
  'apps/api/src',
];
const fileOf = (path) =>
  SOURCES.flatMap((folder) => [join(folder, path), join(folder, path.replace('/', '/src/'))]).find((file) =>
    existsSync(join(root, file)),
  );

test.each(pages)('files of the code that %s names exist', (page) => {
  const named = [...withoutCode(read(page)).matchAll(/`([\w-]+\/[\w./-]+\.(?:ts|tsx|mjs|lua|sh))`/g)];
  expect(named.map(([, path]) => path).filter((path) => fileOf(path) === undefined)).toEqual([]);
});

test('each page is linked from the index of the docs or of the decisions', () => {
  const indexes = ['README.md', 'docs/README.md', 'docs/adr/README.md'];
  const linked = new Set(
    indexes.flatMap((index) =>
      [...read(index).matchAll(/\]\(([^)#\s]+\.md)/g)].map(([, path]) => join(dirname(index), path)),
    ),
  );
  expect(below('docs').filter((page) => !linked.has(page))).toEqual([]);
});

/** Variables that a shell sets by itself. */
const SET = new Set(['PATH', 'HOME']);

test.each(pages.filter((page) => !page.startsWith('docs/adr')))(
  'the shell lines of %s define what they use',
  (page) => {
    const script = [...read(page).matchAll(/^```sh\n(.*?)^```$/gms)].map(([, body]) => body).join('\n');
    const defined = new Set(SET);
    const undefinedNames = [];
    for (const line of script.split('\n')) {
      for (const [, name, assigned] of line.matchAll(/(?:\$\{?|\b)([A-Za-z_]+)(=)?/g)) {
        const isUse = new RegExp(`\\$\\{?${name}\\b(?!:-)`).test(line) && assigned === undefined;
        if (isUse && !defined.has(name)) undefinedNames.push(name);
      }
      for (const [, name] of line.matchAll(/(?:^|\s|for )([A-Za-z_]+)=/g)) defined.add(name);
    }
    expect([...new Set(undefinedNames)]).toEqual([]);
  },
);

describe('docs/reference/environment.md', () => {
  const [processes, launcher] = read('docs/reference/environment.md').split('## `npm start`');
  const rows = new Map(
    [...processes.matchAll(/^\| (`[^|]*) \|([^|]*)\|([^|]*)\|([^|]*)\|/gm)].flatMap(
      ([, names, where, preset, values]) =>
        [...names.matchAll(/`(\w+)`/g)].map(([, name]) => [name, { where: where.trim(), preset, values }]),
    ),
  );
  const schemas = { api: ApiEnvironment, worker: WorkerEnvironment };
  const all = { ...ApiEnvironment.properties, ...WorkerEnvironment.properties };

  // The path of a file with the value of another variable is no variable of its own.
  const variables = Object.keys(all).filter(
    (name) => !name.endsWith('_FILE') || !(name.slice(0, -'_FILE'.length) in all),
  );

  test('has each variable of api and worker, and no other', () => {
    expect([...rows.keys()].sort()).toEqual([...variables].sort());
  });

  test.each(variables)('gives the process, default and bounds of %s', (name) => {
    const { where = '', preset = '', values = '' } = rows.get(name) ?? {};
    const used = Object.keys(schemas).filter((process) => name in schemas[process].properties);
    expect(where).toBe(used.length === 2 ? (where === 'both' ? 'both' : 'api, worker') : used[0]);
    const schema = all[name];
    if (schema.default !== undefined && schema.default !== '')
      expect(preset.replaceAll('`', '')).toContain(String(schema.default));
    if (schema.minimum !== undefined) expect(values).toContain(String(schema.minimum));
    if (schema.maximum !== undefined) expect(values).toContain(String(schema.maximum));
    if (schema.minLength !== undefined) expect(values).toContain(`≥ ${schema.minLength}`);
    for (const value of schema.enum ?? []) expect(values).toContain(`\`${value}\``);
  });

  test('names each variable that may come from a file', () => {
    const mayBeFile = Object.keys(all).filter((name) =>
      /^(SECRET_KEY|METRICS_KEY|[A-Z_]+_API_KEY)$/.test(name),
    );
    expect(mayBeFile.filter((name) => !processes.includes(`\`${name}_FILE\``))).toEqual([]);
  });

  test("has the launcher's own variables, and .env.example has no others", () => {
    const settings = read('apps/cli/src/settings.ts');
    for (const [, name] of settings.matchAll(/env\.([A-Z_]+)|'([A-Z_]{4,})'/g))
      if (name) expect(launcher).toContain(`\`${name}\``);
    const set = [...read('.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(set.filter((name) => !(name in all))).toEqual([]);
  });
});

test('CONTRIBUTING has each workspace, and what it may import of the others', () => {
  const page = read('CONTRIBUTING.md');
  const names = ['apps', 'packages'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
  );
  for (const name of names) {
    expect(page).toMatch(new RegExp(`^${name} `, 'm'));
    const { dependencies = {} } = JSON.parse(read(`${name}/package.json`));
    const [, row = ''] = new RegExp(`^\\| ${name.split('/')[1]} \\| (.*) \\|$`, 'm').exec(page) ?? [];
    expect([name, row]).toEqual([name, expect.stringMatching(/\w/)]);
    const own = Object.keys(dependencies).filter((one) => one.startsWith('@agenthook/'));
    const left = own.map((one) => one.slice('@agenthook/'.length)).filter((one) => !row.includes(one));
    expect([name, left]).toEqual([name, []]);
  }
});

test('README names the Node version of package.json', () => {
  const { engines } = JSON.parse(read('package.json'));
  expect(read('README.md')).toContain(`Node ${engines.node.replace('>=', '')} or newer`);
});

test('the index of decisions lists each one, with title and status', () => {
  const files = readdirSync(join(root, 'docs/adr')).filter((name) => /^\d/.test(name));
  const index = read('docs/adr/README.md');
  for (const file of files) {
    const [, title] = /^# \d+\. (.*)/.exec(read(`docs/adr/${file}`)) ?? [];
    const row = index.split('\n').find((line) => line.startsWith(`| [${Number(file.slice(0, 4))}](${file})`));
    expect([file, row]).toEqual([file, expect.stringContaining(`| ${title} | 20`)]);
    expect(row).toMatch(/\| (accepted|overtaken|(amended|superseded) by \[\d+\].*) \|$/);
    const isAccepted = /\| accepted \|$/.test(row);
    expect([file, read(`docs/adr/${file}`).includes('\n> **')]).toEqual([file, !isAccepted]);
  }
});

test('docs/architecture.md has each Redis key, and about forty words', () => {
  const page = read('docs/architecture.md');
  const keys = read('packages/core/src/redis/keys.ts').replace(/^import .*|\/\*\*[\s\S]*?\*\//gm, '');
  const parts = [...keys.matchAll(/[:`'$}]([a-z][a-z-]{3,})[:'`]/g)].map(([, part]) => part);
  expect(new Set(parts).size).toBeGreaterThan(30);
  const section = page.slice(page.indexOf('## The keys in Redis'), page.indexOf('## Invariants'));
  const known = ['agenthook', 'sha256', 'base64url'];
  expect([...new Set(parts)].filter((part) => !section.includes(part) && !known.includes(part))).toEqual([]);
  const glossary = page.slice(page.indexOf('## Glossary'), page.indexOf('## Where to add things'));
  expect(glossary.match(/^\| /gm)?.length).toBeGreaterThanOrEqual(40);
});

const agent = (file, name) => constantOf('packages/agent', file, name);
const core = (file, name) => constantOf('packages/core', file, name);

/** Numbers in hand-written pages. */
test.each([
  ['docs/reference/tools.md', `${count(contracts.MAX_RESULT_CHARACTERS)} characters of JSON`],
  ['docs/reference/tools.md', `no call takes longer than ${contracts.CALL_TIMEOUT_SECONDS} s`],
  [
    'docs/reference/tools.md',
    `longer JSON is text, cut at ${count(constantOf('packages/agent', 'http.ts', 'MAX_CHARACTERS'))}`,
  ],
  ['docs/reference/tools.md', `More than ${agent('bound-answer.ts', 'MOST_CALLS')} tool calls`],
  [
    'docs/reference/tools.md',
    `documents with ${bytes(constantOf('packages/bounded', 'limits.ts', 'MAX_DESCRIPTION_BYTES'))}`,
  ],
  [
    'docs/explanation/security.md',
    `${bytes(constantOf('packages/bounded', 'limits.ts', 'MAX_DESCRIPTION_BYTES'))} together`,
  ],
  ['docs/explanation/security.md', `at most ${core('decode-body.ts', 'MAX_CODINGS')} codings`],
  [
    'docs/guides/agents/filters.md',
    `more than ${ms(constantOf('packages/bounded', 'limits.ts', 'CHECK_MS'))} of`,
  ],
  ['docs/reference/tools.md', `An upload may have ${bytes(contracts.MAX_UPLOAD_BYTES)}`],
  ['docs/reference/tools.md', `A query has at most ${count(contracts.MAX_QUERY_CHARACTERS)} characters`],
  ['docs/explanation/when-something-dies.md', `at most ${core('park.ts', 'MAX_PARKS')} times`],
  ['docs/explanation/when-something-dies.md', `every ${core('cancel-mark.ts', 'WATCH_MS') / 1000} s`],
  ['docs/guides/senders/any-sender.md', `at most ${bytes(contracts.MAX_PAYLOAD_BYTES)}`],
  ['docs/guides/senders/any-sender.md', `JSON may nest ${contracts.MAX_PAYLOAD_DEPTH} levels`],
  ['docs/guides/senders/any-sender.md', `together have at most ${bytes(contracts.MAX_KEPT_HEADER_BYTES)}`],
  ['docs/guides/senders/any-sender.md', `may have ${count(contracts.MAX_FORM_FIELDS)} fields`],
  ['docs/guides/senders/signatures.md', `by ${contracts.DEFAULT_TOLERANCE_SECONDS} s`],
  ['docs/guides/results/refused-requests.md', `The last ${contracts.MAX_REJECTIONS} rejections`],
  ['docs/guides/results/callbacks.md', `within ${ms(core('plan-delivery.ts', 'REQUEST_TIMEOUT_MS'))}`],
  ['docs/guides/results/callbacks.md', `The last ${count(contracts.MAX_DELIVERIES)} deliveries`],
  ['openapi/openapi.json', `its last ${core('claim-delivery.ts', 'ATTEMPTS_KEPT')} attempts`],
  ['docs/guides/operate/api-keys.md', `There may be ${contracts.MAX_API_KEYS} keys`],
  ['docs/guides/operate/api-keys.md', `at most ${contracts.MAX_SESSIONS_PER_KEY} sessions`],
])('%s says: %s', (page, text) => {
  expect(read(page).replace(/\s+/g, ' ')).toContain(text);
});
