import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { freePort, type ManagedProcess, type Stack, sharedStack, startProcess, until } from '../../index.js';
import { test } from '../browser-test.js';
import { openStudio } from './open-studio.js';

const TEST_MS = 120_000;
const ROOT = fileURLToPath(new URL('../../../../..', import.meta.url));
/** Everything in the repository that `npm run dev` reads. */
const COPIED = [
  'package.json',
  'tsconfig.base.json',
  'scripts',
  'openapi',
  'apps/web',
  'packages/contracts',
  'packages/json',
  'packages/testing/examples',
];

let stack: Stack;
let server: ManagedProcess | undefined;
let copy: string;

beforeAll(async () => {
  stack = await sharedStack();
  // The working copy is never changed.
  copy = mkdtempSync(join(tmpdir(), 'agenthook-dev-'));
  const isSource = (path: string) => !['node_modules', 'dist'].includes(basename(path));
  for (const path of COPIED)
    cpSync(join(ROOT, path), join(copy, path), { recursive: true, filter: isSource });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  // Its own folder, because the server keeps its cache in it.
  mkdirSync(join(copy, 'apps/web/node_modules'));
  for (const name of ['@vitejs', 'openapi-typescript', 'typescript', 'js-yaml'])
    symlinkSync(join(ROOT, 'apps/web/node_modules', name), join(copy, 'apps/web/node_modules', name));
});

afterAll(async () => {
  await server?.stop();
  if (copy !== undefined) rmSync(copy, { recursive: true, force: true });
});

test(
  'npm run dev shows a running installation, and a change of the source without a reload',
  async () => {
    const { id } = await stack.createAgent({ name: 'Order desk', model: 'sandbox:echo' });
    const port = await freePort();
    server = await startProcess(
      process.execPath,
      ['scripts/dev.mjs', '--port', String(port), '--strictPort'],
      {
        cwd: copy,
        env: { AGENTHOOK_URL: stack.url },
      },
    );
    const url = `http://localhost:${port}`;
    const answers = async () => (await fetch(`${url}/healthz`)).ok;
    await until('the server answers', () => server?.exit() !== undefined || answers(), { timeoutMs: 60_000 });

    const { context, page, seen } = await openStudio({ ...stack, url }, { key: null });
    // The first visit waits until the packages are bundled.
    page.setDefaultTimeout(60_000);
    await page.goto('/agents');
    await page.getByLabel('API key').fill(stack.adminKey);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Order desk' }).click();
    await page.waitForURL(`**/agents/${id}`);
    const callback = page.getByRole('region', { name: 'Callback', exact: true });
    await callback.getByLabel('URL', { exact: true }).fill('https://typed.example.com/');
    await page.evaluate('window.isTheSamePage = true');

    const file = join(copy, 'apps/web/src/pages/agents/webhook/callback/callback-form.tsx');
    writeFileSync(file, readFileSync(file, 'utf8').replace('label="URL"', 'label="Address, changed"'));
    const changed = callback.getByLabel('Address, changed');
    await changed.waitFor();
    expect(await changed.inputValue()).toBe('https://typed.example.com/');
    expect(await page.evaluate('window.isTheSamePage')).toBe(true);
    // The browser's own message about the missing session.
    expect(seen.problems.filter((line) => !/status of 401/.test(line))).toEqual([]);
    expect(seen.otherHosts).toEqual([]);
    await context.close();
  },
  TEST_MS,
);
