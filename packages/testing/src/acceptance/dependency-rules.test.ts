import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

const IMPORTS = 'lint/style/noRestrictedImports';
const ENVIRONMENT = 'lint/style/noProcessEnv';
const CYCLES = 'lint/suspicious/noImportCycles';

interface Case {
  folder: string;
  line: string;
  rule?: string;
}

/** Lines that a file in this folder must not contain. */
const forbidden = (folder: string, rule: string, ...lines: string[]): Case[] =>
  lines.map((line) => ({ folder, line, rule }));
const allowed = (folder: string, ...lines: string[]): Case[] => lines.map((line) => ({ folder, line }));
const imports = (...names: string[]) => names.map((name) => `import '${name}';`);

const CASES: Case[] = [
  ...forbidden(
    'packages/contracts/src',
    IMPORTS,
    ...imports(
      '@agenthook/core',
      '@agenthook/agent',
      'node:fs',
      'ioredis',
      'fastify',
      '../../core/src/index.js',
    ),
  ),
  ...allowed('packages/contracts/src', ...imports('@sinclair/typebox', './agent.js')),

  ...forbidden('packages/json/src', IMPORTS, ...imports('@agenthook/contracts', 'node:fs', 'liquidjs')),
  ...allowed('packages/json/src', ...imports('./decimal.js')),

  ...forbidden(
    'packages/template/src',
    IMPORTS,
    ...imports('@agenthook/core', '@agenthook/contracts', 'ioredis'),
  ),
  ...allowed('packages/template/src', ...imports('@agenthook/json', 'liquidjs', './engine.js')),

  ...forbidden(
    'packages/bounded/src',
    IMPORTS,
    ...imports('@agenthook/core', '@agenthook/egress', 'ioredis', 'fastify'),
  ),
  ...allowed('packages/bounded/src', ...imports('@agenthook/template', 'ajv/dist/2020.js', './lane.js')),

  ...forbidden(
    'packages/egress/src',
    IMPORTS,
    ...imports('@agenthook/core', '@agenthook/contracts', 'ioredis'),
  ),
  ...allowed('packages/egress/src', ...imports('undici', 'node:dns/promises', './address.js')),

  ...forbidden(
    'packages/telemetry/src',
    IMPORTS,
    ...imports('@agenthook/core', '@agenthook/contracts', 'bullmq', 'ai', 'fastify'),
  ),
  ...allowed(
    'packages/telemetry/src',
    ...imports('@opentelemetry/api', 'bullmq-otel', './queue-telemetry.js'),
  ),

  ...forbidden(
    'packages/core/src/tasks',
    IMPORTS,
    ...imports('fastify', '@fastify/static', 'ai', '@ai-sdk/openai', '@agenthook/agent', '@agenthook/api'),
    "await import('@agenthook/agent');",
  ),
  ...allowed(
    'packages/core/src/tasks',
    ...imports('@agenthook/contracts', 'ioredis', 'bullmq', '../context.js'),
  ),

  ...forbidden(
    'packages/agent/src',
    IMPORTS,
    ...imports('ioredis', 'bullmq', '@agenthook/core', '@agenthook/worker', 'fastify'),
    "export { Redis } from 'ioredis';",
  ),
  ...allowed('packages/agent/src', ...imports('@agenthook/contracts', 'ai', '@ai-sdk/openai')),

  ...forbidden(
    'apps/api/src/routes',
    IMPORTS,
    ...imports('@agenthook/agent', '@agenthook/worker', 'ioredis', 'bullmq', 'ai', '@ai-sdk/openai'),
  ),
  ...allowed('apps/api/src/routes', ...imports('@agenthook/core', '@agenthook/contracts', 'fastify')),

  ...forbidden(
    'apps/worker/src',
    IMPORTS,
    ...imports('fastify', '@fastify/static', 'ioredis', 'ai', '@agenthook/api'),
    "import { Queue } from 'bullmq';",
  ),
  ...allowed(
    'apps/worker/src',
    ...imports('@agenthook/core', '@agenthook/agent', '@agenthook/contracts'),
    "import { Worker } from 'bullmq';",
  ),

  ...forbidden(
    'apps/web/src/pages/agents',
    IMPORTS,
    ...imports('@agenthook/core', '@agenthook/api', 'node:fs', 'fastify', '@sinclair/typebox'),
    "import { agentRoutes } from '../../../../../apps/api/src/routes/agents.js';",
  ),
  ...allowed(
    'apps/web/src/pages/agents',
    ...imports('react', '@mantine/core', '../../api/client.js'),
    "import type { Agent } from '@agenthook/contracts';",
  ),

  ...forbidden(
    'packages/testing/src/acceptance',
    IMPORTS,
    ...imports('@agenthook/core', '@agenthook/agent', '@agenthook/api', '../../../../apps/api/src/app.js'),
  ),
  ...allowed('packages/testing/src/acceptance', ...imports('ioredis', '../index.js')),
  ...forbidden('apps/cli/src', IMPORTS, ...imports('@agenthook/core', '@agenthook/worker')),
  ...forbidden('apps/cli/src/operate', IMPORTS, ...imports('ioredis', '@agenthook/api', '@agenthook/worker')),
  ...allowed('apps/cli/src/operate', ...imports('@agenthook/core', '@agenthook/agent', '../settings.js')),

  ...['packages/core/src', 'packages/agent/src', 'apps/api/src/routes', 'apps/worker/src'].flatMap((folder) =>
    forbidden(folder, ENVIRONMENT, 'process.env.HOME;'),
  ),
];

/**
 * A folder with one file per case under the project's own lint rules, so that nothing is written into the
 * project.
 */
const scratch = mkdtempSync(join(tmpdir(), 'agenthook-rules-'));
const fileOf = (number: number, { folder }: Case) => `${folder}/case-${number}.ts`;

let broken: Map<string, string[]>;

beforeAll(() => {
  for (const name of ['biome.json', '.gitignore']) cpSync(join(ROOT, name), join(scratch, name));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(scratch, path)), { recursive: true });
    writeFileSync(join(scratch, path), text);
  };
  CASES.forEach((each, number) => {
    write(fileOf(number, each), `${each.line}\n`);
  });
  for (const entry of ['apps/api/src/server.ts', 'apps/worker/src/main.ts']) {
    write(entry, 'process.env.HOME;\n');
  }
  write('packages/core/src/one.ts', "import { two } from './two.js';\nexport const one = two;\n");
  write(
    'packages/core/src/two.ts',
    "import type { one } from './one.js';\nexport const two = {} as typeof one;\n",
  );
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const only = [IMPORTS, ENVIRONMENT, CYCLES].map((rule) => `--only=${rule.slice('lint/'.length)}`);
  const { stdout } = spawnSync(
    process.execPath,
    [biome, 'lint', '--reporter=json', '--max-diagnostics=none', ...only, '.'],
    // It blocks this process, so nothing else could end a wait.
    { cwd: scratch, encoding: 'utf8', timeout: 120_000 },
  );
  broken = new Map();
  for (const { severity, category, location } of JSON.parse(stdout).diagnostics) {
    if (severity === 'error') broken.set(location.path, [...(broken.get(location.path) ?? []), category]);
  }
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const numbered = CASES.map((each, number) => ({ ...each, file: fileOf(number, each) }));

test.each(numbered.filter(({ rule }) => rule !== undefined))(
  '$folder must not contain: $line',
  ({ file, rule }) => {
    expect(broken.get(file)).toEqual([rule]);
  },
);

test.each(numbered.filter(({ rule }) => rule === undefined))('$folder may contain: $line', ({ file }) => {
  expect(broken.get(file)).toBeUndefined();
});

test.each(['apps/api/src/server.ts', 'apps/worker/src/main.ts'])('%s may read the environment', (file) => {
  expect(broken.get(file)).toBeUndefined();
});

test.each(['packages/core/src/one.ts', 'packages/core/src/two.ts'])(
  '%s must not import a file that imports it, not even for a type',
  (file) => {
    expect(broken.get(file)).toEqual([CYCLES]);
  },
);
