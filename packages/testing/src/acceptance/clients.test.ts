import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findPython, onPath } from '../../../../scripts/lib/find.mjs';
import { type Stack, sharedStack } from '../index.js';

/** The lines of docs/reference/clients.md, each run as it stands. The Studio's suite runs its programs. */

const PAGE = fileURLToPath(new URL('../../../../docs/reference/clients.md', import.meta.url));
const QUESTION = { question: 'What is new?' };
const NOTES = 'Zoë pays by Friday.\n';
const LINES: [string, unknown][] = [
  ['curl, JSON', QUESTION],
  ['curl, with a file', { question: 'What is in it?', file: expect.objectContaining({ text: NOTES }) }],
  ['curl, a text', NOTES],
  ['JavaScript', QUESTION],
  ['Python, with requests', QUESTION],
  ['Python, nothing installed', QUESTION],
  ['Go', QUESTION],
  ['Java', QUESTION],
];

const python = findPython();
/** How a line is run: a command, and its last argument or a file made of the line. */
const RUNNERS: Record<string, { command: string | undefined; args: (line: string) => string[] }> = {
  bash: { command: 'bash', args: (line) => ['-ec', line] },
  js: { command: process.execPath, args: (line) => ['--input-type=module', '-e', line] },
  python: { command: python, args: (line) => ['-c', line] },
  go: {
    command: onPath('go'),
    args: (line) => [
      'run',
      file('line.go', `package main\nimport ("net/http"; "os"; "strings")\nfunc main() {\n${line}\n}\n`),
    ],
  },
  java: {
    command: onPath('java'),
    args: (line) => [
      file(
        'Line.java',
        'import java.net.URI; import java.net.http.*;\n' +
          `class Line { public static void main(String[] a) throws Exception {\n${line}\n} }\n`,
      ),
    ],
  },
};

let stack: Stack;
let folder: string;
const text = readFileSync(PAGE, 'utf8').split('## With the result')[0] ?? '';
const found = [...text.matchAll(/^(.+):\n\n```(\w+)\n(.*)\n```$/gm)].map(([, name, fence, line]) => ({
  name,
  fence: fence ?? '',
  line: line ?? '',
}));

beforeAll(async () => {
  stack = await sharedStack();
  folder = mkdtempSync(join(tmpdir(), 'agenthook-clients-'));
  file('notes.txt', NOTES);
});
afterAll(async () => {
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('each line posts its event', async () => {
  expect(found.map(({ name }) => name)).toEqual(LINES.map(([name]) => name));
  const here = found.filter(({ fence }) => RUNNERS[fence]?.command !== undefined);
  const ran = here.map(async ({ name, fence, line }) => {
    const { id } = await stack.createAgent({ name: name ?? '' });
    const WEBHOOK_URL = `${stack.url}/api/webhooks/agents/${(await stack.mintWebhook(id)).token}`;
    const { command = '', args } = RUNNERS[fence] ?? { args: () => [] };
    await promisify(execFile)(command, args(line), { cwd: folder, env: { ...process.env, WEBHOOK_URL } });
    const { body } = await stack.request<{ tasks: { task_id: string }[] }>(
      'GET',
      `/api/tasks?agent_id=${id}`,
    );
    const tasks = body.tasks.map(({ task_id }) => stack.request('GET', `/api/tasks/${task_id}`));
    return [name, (await Promise.all(tasks)).map((task) => task.body.payload)];
  });
  expect(await Promise.all(ran)).toEqual(
    here.map(({ name }) => [name, [LINES.find(([known]) => known === name)?.[1]]]),
  );
}, 60_000);
