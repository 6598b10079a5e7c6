import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Stack, startStack } from '../index.js';

const FOLDER = fileURLToPath(new URL('../../../../examples/', import.meta.url));

/**
 * What the model sees of each example's event, whether the event is signed, and whether the answer has a
 * schema.
 */
const EXAMPLES: Record<string, { seen: RegExp; signed: boolean; output: boolean }> = {
  'chat-command': { seen: /ada.*town-square.*P300/s, signed: true, output: false },
  'ci-failure': { seen: /unit tests.*main.*3f2a9c1.*received 1000/s, signed: true, output: false },
  'github-issue-labeller': {
    seen: /42.*octocat\/hello-world.*Export fails.*out of range/s,
    signed: true,
    output: false,
  },
  'grafana-alert': { seen: /FIRING:1.*High CPU.*web-1.*97 %/s, signed: true, output: false },
  'nightly-report': { seen: /\d{4}-\d\d-\d\d.*status\.example\.com/s, signed: false, output: false },
  'slack-question': { seen: /U0000001.*C0000001.*manual of the P300/s, signed: true, output: false },
  'stripe-failed-payment': { seen: /Ada Lovelace.*1250.*eur/s, signed: true, output: true },
  'typeform-lead': { seen: /Contact us.*name\?.*Ada.*prints on wood\?/s, signed: true, output: true },
  'web-form': { seen: /Ada.*ada@example\.com.*wood/s, signed: false, output: true },
  'zendesk-ticket': { seen: /35436.*HIGH.*P300.*E-17/s, signed: true, output: false },
};

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.stop());

const { PATH = '', HOME = '' } = process.env;
const run = async (file: string, args: string[], env: Record<string, string>): Promise<string> => {
  const options = { env: { PATH, HOME, ...env }, timeout: 60_000 };
  return (await promisify(execFile)(file, args, options)).stdout;
};

/** Creates an example's agent as a reader would, and returns the variables that it prints. */
async function create(name: string): Promise<Record<string, string>> {
  const env = { API: stack.url, ADMIN_API_KEY: stack.adminKey };
  const printed = await run(process.execPath, [`${FOLDER}create.mjs`, name], env);
  return Object.fromEntries(
    printed
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

test('each example has a test', async () => {
  const entries = await readdir(FOLDER, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  expect(folders.sort()).toEqual(Object.keys(EXAMPLES));
});

test.each(Object.entries(EXAMPLES))("examples/%s runs for its sender's event", async (name, example) => {
  const variables = await create(name);
  expect('SECRET' in variables).toBe(example.signed);
  const { task_id } = JSON.parse(await run('sh', [`${FOLDER}${name}/send.sh`], variables));
  const { status, result } = await stack.poll(task_id);
  expect([name, status, 'output' in result]).toEqual([name, 'SUCCESS', example.output]);
  const { body } = await stack.request<{ prompt: { user: string } }>('GET', `/api/tasks/${task_id}`);
  expect(body.prompt.user).toMatch(example.seen);
});

test.each(Object.keys(EXAMPLES).filter((name) => EXAMPLES[name]?.signed))(
  'examples/%s refuses the event with another secret',
  async (name) => {
    const variables = await create(name);
    const forged = run('sh', [`${FOLDER}${name}/send.sh`], { ...variables, SECRET: 'whsec_b3RoZXI=' });
    await expect(forged).rejects.toThrow(/401/);
  },
);
