import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { type Stack, sharedStack } from '../index.js';

const FOLDER = new URL('../../../../docs/guides/senders/', import.meta.url);
const SECRET = 'whsec_c2VjcmV0IG9mIHRoZSBzZW5kZXI=';

/** What each page promises that the model will see of its event. */
const SEEN: Record<string, RegExp> = {
  'cloud.md': /created.*Users\/ddfcd489\/Messages\/AAMkADk0/s,
  'github.md': /issues.*opened.*acme\/printer.*It does not print.*Since today\./s,
  'mail.md': /failed.*ada@example\.com.*No such mailbox/s,
  'stripe.md': /invoice\.payment_failed.*Ada.*1250.*eur/s,
  'slack.md': /U1.*asks in.*C1.*Where is the manual\?/s,
  'shopify.md': /orders\/create.*ada@example\.com.*12\.50.*EUR.*2.*Toner/s,
  'web-form.md': /Ada.*ada@example\.com.*Do you print on wood, too\?/s,
  'zapier-n8n.md': /Acme.*40.*employees.*asked for a quote/s,
};

let stack: Stack;

beforeAll(async () => {
  stack = await sharedStack();
});

/** Everything on a page that a reader pastes into a shell, in order. */
async function scriptOf(page: URL): Promise<string> {
  const blocks = [...(await readFile(page, 'utf8')).matchAll(/^```sh\n(.*?)^```$/gms)].map(
    ([, body]) => body,
  );
  return blocks.join('\n');
}

/** Runs it as a reader would, but stops at the first error. Returns its output. */
async function run(script: string, more: Record<string, string> = {}): Promise<string> {
  const { PATH = '' } = process.env;
  const env = { PATH, API: stack.url, ADMIN_API_KEY: stack.adminKey, ...more };
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
    env,
    timeout: 60_000,
  });
  return stdout;
}

test('the guide of each sender has a test', async () => {
  // These two pages are about every sender.
  const guides = (await readdir(FOLDER)).filter((page) => !['any-sender.md', 'signatures.md'].includes(page));
  expect(guides.sort()).toEqual(Object.keys(SEEN).sort());
});

test.each(Object.entries(SEEN))('docs/guides/senders/%s works as written', async (page, seen) => {
  const printed = await run(await scriptOf(new URL(page, FOLDER)), { SECRET });
  const [id = '', ...more] = [...printed.matchAll(/"task_id":"([^"]+)"/g)]
    .map(([, taskId]) => taskId)
    .reverse();
  expect(new Set([id, ...more]).size).toBe(page === 'zapier-n8n.md' ? 2 : 1);
  expect(await stack.poll(id)).toMatchObject({ status: 'SUCCESS' });
  const { body } = await stack.request<{ prompt: { user: string } }>('GET', `/api/tasks/${id}`);
  expect(body.prompt.user).toMatch(seen);
});

test('docs/guides/senders/signatures.md rotates a secret as described', async () => {
  const agent = await stack.createAgent({
    name: 'Rotated',
    signature: { scheme: 'github', secret: 'the old secret' },
  });
  const page = await readFile(new URL('signatures.md', FOLDER), 'utf8');
  const [variables = '', ...blocks] = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(
    ([, body]) => body ?? '',
  );
  expect(blocks).toHaveLength(5);
  const shown = [];
  for (const block of blocks)
    shown.push(JSON.parse(await run(variables + block, { AGENT_ID: agent.id })).signature);
  const github = { scheme: 'github', secret: true };
  expect(shown).toEqual([
    { ...github, previous_secret: null },
    { ...github, previous_secret: true },
    { ...github, previous_secret: null },
    expect.objectContaining({ scheme: 'hmac', content: '{timestamp}.{body}', tolerance_seconds: 300 }),
    { scheme: 'custom', challenge: { in: 'query', name: 'challenge' } },
  ]);
});
