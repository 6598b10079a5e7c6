import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { findPython } from '../../../../scripts/lib/find.mjs';
import { type Stack, sharedStack } from '../index.js';

const QUESTION = 'My printer does not print. What now?';

const python = findPython();
const PROGRAMS = [
  { file: 'curl.sh', command: 'bash' },
  { file: 'javascript.mjs', command: process.execPath },
];
if (python !== undefined) PROGRAMS.push({ file: 'python.py', command: python });

let stack: Stack;
let webhookUrl: string;
let failingWebhookUrl: string;

beforeAll(async () => {
  stack = await sharedStack();
  const webhookOf = async (agent: Record<string, unknown>) =>
    (await stack.mintWebhook((await stack.createAgent({ name: 'Printer help', ...agent })).id)).webhook_url;
  webhookUrl = await webhookOf({});
  // The worker has no key for it: a failure that needs no payload other than the examples' own.
  failingWebhookUrl = await webhookOf({ model: 'openai:gpt-5-mini' });
});

/** Runs an example as a reader would, and returns its output. */
async function run(command: string, file: string, url: string): Promise<string> {
  const path = fileURLToPath(new URL(`../../examples/${file}`, import.meta.url));
  const { PATH, HOME } = process.env;
  const options = { env: { PATH, HOME, WEBHOOK_URL: url }, timeout: 30_000 };
  const { stdout, stderr } = await promisify(execFile)(command, [path], options);
  expect(stderr).toBe('');
  return stdout;
}

// The clients that DocsGPT documents for its agent webhooks: trigger, poll every two seconds, print the
// result.
test.each(PROGRAMS)('examples/$file triggers, polls and prints the result', async ({ command, file }) => {
  const [succeeded, failed] = await Promise.all([
    run(command, file, webhookUrl),
    run(command, file, failingWebhookUrl),
  ]);
  expect(succeeded).toContain('SUCCESS');
  expect(succeeded).toContain('no model was called');
  expect(succeeded).toContain(QUESTION);
  expect(failed).toContain('FAILURE');
  expect(failed).toContain('model_auth');
});

test('a Python for examples/python.py exists', () => {
  if (python === undefined && process.env.CI !== 'true') {
    console.warn('!!  No python3 with the requests package: examples/python.py was not tested.');
    return;
  }
  expect(python).toBeDefined();
});
