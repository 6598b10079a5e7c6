import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findGenerators } from '../../../../scripts/lib/find.mjs';
import { sharedStack } from '../index.js';

/** openapi.json as the usual generators of clients read it. */

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const DESCRIPTION = join(ROOT, 'openapi', 'openapi.json');
/** Bodies of other types than JSON, forms and bytes. openapi-python-client makes no method for them. */
const NOT_IN_PYTHON = ['text/plain', 'text/plain', 'text/markdown', 'application/pdf'];

const programs = findGenerators();
const generated = programs === undefined ? test.skip : test;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'generated-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program of the generators; throws, with what it printed, if it fails. Returns what it printed. */
async function run(program: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const { PATH, HOME } = process.env;
  // openapi-python-client formats its code with the ruff beside it.
  const options = { cwd: folder, timeout: 120_000, env: { PATH: `${programs}:${PATH}`, HOME, ...env } };
  const { stdout, stderr } = await promisify(execFile)(program, args, options);
  return stdout + stderr;
}

test('openapi-typescript makes types that compile', async () => {
  const cli = join(ROOT, 'apps/web/node_modules/openapi-typescript/bin/cli.js');
  const types = join(folder, 'api.ts');
  const said = await run(process.execPath, [cli, DESCRIPTION, '--output', types]);
  expect(said).not.toMatch(/warn|error/i);
  writeFileSync(
    join(folder, 'use.ts'),
    `import type { components } from './api.js';
type Of<Name extends keyof components['schemas']> = components['schemas'][Name];
export function answerOf(task: Of<'TaskState'> | Of<'TaskTrace'>): string | null {
  switch (task.status) {
    case 'SUCCESS': return task.result.answer;
    case 'FAILURE': return task.result.error.code;
    default: return task.result;
  }
}`,
  );
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const strict = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2024', '--types', ''];
  await run(process.execPath, [compiler, ...strict, join(folder, 'use.ts')]);
});

generated('openapi-python-client makes a client that tells tasks apart by their status', async () => {
  const args = ['--path', DESCRIPTION, '--output-path', 'agenthook_client', '--meta', 'none'];
  const said = await run('openapi-python-client', ['generate', ...args]);
  const skipped = [...said.matchAll(/^Unsupported content type (\S+)$/gm)].map(([, type]) => type);
  expect(skipped).toEqual(NOT_IN_PYTHON);
  expect(said.match(/^(WARNING|ERROR)/gm)).toHaveLength(skipped.length);

  const stack = await sharedStack();
  const { id } = await stack.createAgent({ name: 'Printer help' });
  const { webhook_url } = await stack.mintWebhook(id);
  writeFileSync(
    join(folder, 'use.py'),
    `import importlib, os, pkgutil
import agenthook_client as client
from agenthook_client.api.tasks import get_task, get_task_status
from agenthook_client.models import *

for module in pkgutil.walk_packages(client.__path__, 'agenthook_client.'):
    importlib.import_module(module.name)

url = os.environ['WEBHOOK_URL']
http = client.AuthenticatedClient(base_url=url.split('/api/')[0], token=os.environ['KEY'])
# A body of any type is what the generated method cannot send (docs/reference/clients.md).
accepted = http.get_httpx_client().post(url, json={'question': 'What now?'}).json()
state = get_task_status.sync(client=http, task_id=accepted['task_id'], wait=20)
print(state.status.value, 'What now?' in state.result.answer)
trace = get_task.sync(accepted['task_id'], client=http)
print(type(trace).__name__, trace.result.answer == state.result.answer, len(trace.steps))
unknown = get_task_status.sync(client=http, task_id='none')
print(type(unknown).__name__, unknown.code.value)
`,
  );
  const printed = await run('python3', ['use.py'], { WEBHOOK_URL: webhook_url, KEY: stack.adminKey });
  expect(printed.trim().split('\n')).toEqual([
    'SUCCESS True',
    'TaskTraceSuccess True 1',
    'Problem unknown_task',
  ]);
});

generated("OpenAPI Generator's validation finds nothing", async () => {
  const said = await run('openapi-generator-cli', ['validate', '--recommend', '-i', DESCRIPTION]);
  // It does not count what only `webhooks` refers to as used.
  const { webhooks } = JSON.parse(readFileSync(DESCRIPTION, 'utf8'));
  const posted = [...JSON.stringify(webhooks).matchAll(/schemas\/(\w+)Payload"/g)].map(([, name]) => name);
  const found = [...said.matchAll(/^\s+- (.+)$/gm)].map(([, line]) => line ?? '');
  const unused = new RegExp(`^Unused model: (${posted.join('|')})Payload`);
  expect(found.filter((line) => !unused.test(line))).toEqual([]);
  expect(said).not.toMatch(/error/i);
});

test('the generators exist', () => {
  if (programs === undefined && process.env.CI !== 'true') {
    console.warn(
      '!!  No generators of clients: openapi.json was not tested with them. `npm test` installs them.',
    );
    return;
  }
  expect(programs).toBeDefined();
});
