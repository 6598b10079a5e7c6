import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { findPython, onPath } from '../../../../../scripts/lib/find.mjs';
import {
  freePort,
  type HttpCall,
  type HttpServer,
  type ManagedProcess,
  type Stack,
  sharedStack,
  startHttpServer,
  startProcess,
  until,
} from '../../index.js';
import { test } from '../browser-test.js';
import { openStudio } from './open-studio.js';

const TEST_MS = 120_000;
const python = findPython();
const go = onPath('go');
const java = onPath('java');
const node = process.execPath;

let stack: Stack;
let receiver: HttpServer | undefined;
/** Where copied programs are saved as files, beside packages as a reader would have installed them. */
let folder: string;
const started: ManagedProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agenthook-snippets-'));
  symlinkSync(
    fileURLToPath(new URL('../../../../../node_modules', import.meta.url)),
    join(folder, 'node_modules'),
  );
  stack = await sharedStack();
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.stop('SIGKILL')));
});

afterAll(async () => {
  await receiver?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a program that a person saved in a file. */
async function start(
  command: string,
  file: string,
  text: string,
  env: Record<string, string> = {},
  before: string[] = [],
) {
  const path = join(folder, file);
  writeFileSync(path, text);
  const program = await startProcess(command, [...before, path], {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? folder, ...env },
  });
  started.push(program);
  return program;
}

/** What a copy button has put on the clipboard. */
async function copied(page: Page, what: string): Promise<string> {
  await page.evaluate("navigator.clipboard.writeText('')");
  await page.getByRole('button', { name: `Copy ${what}`, exact: true }).click();
  return await until(`${what} is copied`, async () => {
    const text = await page.evaluate<string>('navigator.clipboard.readText()');
    return text !== '' && text;
  });
}

const PAYLOAD = {
  question: `it's "quoted" \\ $(touch /nowhere) \`x\` \${HOME} %s öäü 😀 '''`,
  lines: [1, 2.5, null, true, {}, []],
  sandbox: { reply: 'Fine, thank you.' },
};

test(
  'each program of the webhook panel runs as copied, and prints the result',
  async () => {
    const { id } = await stack.createAgent({ name: 'Called', model: 'sandbox:echo' });
    const { context, page, goto, seen } = await openStudio(stack);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await goto(`/agents/${id}`);
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(JSON.stringify(PAYLOAD))})`);
    const editor = page.getByRole('region', { name: 'Try it' }).getByLabel('Payload', { exact: true });
    await editor.press('Control+A');
    await editor.press('Control+V');
    await page.getByRole('button', { name: 'Generate the webhook' }).click();

    const languages: [tab: string, command: string, file: string, ...before: string[]][] = [
      ['curl', 'bash', 'call.sh'],
      ['JavaScript', node, 'call.mjs'],
    ];
    if (python !== undefined) languages.push(['Python', python, 'call.py']);
    if (go !== undefined) languages.push(['Go', go, 'call.go', 'run']);
    if (java !== undefined) languages.push(['Java', java, 'Call.java']);
    const programs: ManagedProcess[] = [];
    for (const [tab, command, file, ...before] of languages) {
      await page.getByRole('tab', { name: tab, exact: true }).click();
      programs.push(await start(command, file, await copied(page, `${tab} snippet`), {}, before));
    }
    await until('all have ended', () => programs.every(({ exit }) => exit() !== undefined), {
      timeoutMs: 60_000,
    });
    for (const { exit, log } of programs)
      expect([exit()?.code, log()]).toEqual([0, expect.stringMatching(/SUCCESS.*Fine, thank you\./s)]);

    const { body } = await stack.request<{ tasks: { task_id: string }[] }>(
      'GET',
      `/api/tasks?agent_id=${id}`,
    );
    const runs = await Promise.all(
      body.tasks.map(({ task_id }) => stack.request('GET', `/api/tasks/${task_id}`)),
    );
    expect(runs.map((run) => run.body.payload)).toEqual(languages.map(() => PAYLOAD));
    expect(seen).toEqual({ problems: [], otherHosts: [] });
    await context.close();
  },
  TEST_MS,
);

test(
  'each program that verifies callbacks accepts a genuine one as copied, and refuses a tampered one',
  async () => {
    /** Posts a recorded callback, with another body, to each of the programs. */
    const urls: string[] = [];
    const forward = (call: HttpCall, body = call.body) =>
      Promise.all(
        urls.map(async (url) => {
          const {
            'content-length': _length,
            host: _host,
            connection: _connection,
            ...headers
          } = call.headers;
          return (await fetch(url, { method: 'POST', headers, body })).status;
        }),
      );
    receiver = await startHttpServer(async (call, response) => {
      const statuses = await forward(call);
      response.writeHead(statuses.every((status) => status === 204) ? 204 : 500).end(statuses.join(' '));
    });
    const { id } = await stack.createAgent({ name: 'Told', model: 'sandbox:echo' });
    const { token } = await stack.mintWebhook(id);
    const { context, page, goto, seen } = await openStudio(stack);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await goto(`/agents/${id}`);
    const callback = page.getByRole('region', { name: 'Callback', exact: true });
    await callback.getByLabel('URL', { exact: true }).fill(receiver.url);
    await callback.getByRole('button', { name: 'Add' }).click();
    const CALLBACK_SECRET = await copied(page, 'callback secret');

    await page.getByRole('tab', { name: 'Verify callback' }).click();
    const languages: [choice: string, command: string, file: string][] = [
      ['Node', node, 'plain.mjs'],
      ['Node, package', node, 'package.mjs'],
    ];
    if (python !== undefined) languages.push(['Python', python, 'receiver.py']);
    const programs: ManagedProcess[] = [];
    for (const [choice, command, file] of languages) {
      await page
        .getByRole('radiogroup', { name: 'Language of the receiver' })
        .getByText(choice, { exact: true })
        .click();
      const PORT = String(await freePort());
      programs.push(
        await start(command, file, await copied(page, `${choice} receiver`), { CALLBACK_SECRET, PORT }),
      );
      urls.push(`http://127.0.0.1:${PORT}/`);
    }
    // Each refuses an unsigned post, once it listens.
    for (const url of urls)
      await until(
        'it listens',
        async () => (await fetch(url, { method: 'POST', body: '{}' })).status === 400,
        {
          timeoutMs: 30_000,
        },
      );

    const { body } = await stack.trigger(token, { sandbox: { reply: 'Ünïcode, fine' } });
    await callback.getByRole('button', { name: /delivered.*204/ }).waitFor({ timeout: 20_000 });
    const line = `task.succeeded ${body.task_id} Ünïcode, fine`;
    for (const { log } of programs) await until('it prints the result', () => log().includes(line));
    const [genuine] = receiver.calls as [HttpCall];
    expect(await forward(genuine, genuine.body.replace('fine', 'evil'))).toEqual(urls.map(() => 400));
    expect(await forward(genuine)).toEqual(urls.map(() => 204));
    expect(seen).toEqual({ problems: [], otherHosts: [] });
    await context.close();
  },
  TEST_MS,
);
