import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { apiClient, bundled, freePort, type Stack, startStack, until } from '../index.js';

jest.setTimeout(120_000);

/** Their log lines are more than what a pipe or a socket and the process itself hold. */
const REQUESTS = 2_500;
const AT_ONCE = 20;

let stack: Stack;
let token: string;
let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agenthook-log-'));
  stack = await startStack();
  token = (await stack.mintWebhook((await stack.createAgent({ name: 'a' })).id)).token;
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts another api of the stack, with this as its stdout. */
async function startApi(stdout: number | 'pipe'): Promise<{ url: string; child: ChildProcess }> {
  const port = await freePort();
  const { redisUrl, adminKey, secretKey } = stack;
  const keys = { REDIS_URL: redisUrl, ADMIN_API_KEY: adminKey, SECRET_KEY: secretKey };
  const child = spawn(process.execPath, [bundled('api', 'server.js')], {
    env: { PATH: process.env.PATH, ...keys, PORT: String(port) },
    stdio: ['ignore', stdout, 'inherit'],
  });
  children.push(child);
  const url = `http://127.0.0.1:${port}`;
  await until('the api answers', async () => (await fetch(`${url}/healthz`)).ok, { timeoutMs: 60_000 });
  return { url, child };
}

/** Sends many requests that are refused, and so logged. */
async function flood(url: string, requests = REQUESTS): Promise<void> {
  let left = requests;
  const caller = async () => {
    while (left-- > 0) {
      const { status, body } = await fetch(`${url}/api/webhooks/agents/whk_unknown${left}`, {
        method: 'POST',
        body: '{}',
        signal: AbortSignal.timeout(20_000),
      });
      await body?.cancel();
      expect(status).toBe(404);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
}

async function expectToServe(url: string): Promise<void> {
  expect((await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5_000) })).status).toBe(200);
  const client = apiClient(url, stack.adminKey);
  const { status, body } = await client.trigger(token, { sandbox: { reply: 'done' } });
  expect(status).toBe(200);
  expect(await stack.poll(body.task_id)).toMatchObject({ status: 'SUCCESS' });
  const line = /An api drops log lines \(\d+ so far\): nobody reads its output, or the disk/;
  const isTold = async () =>
    line.test((await client.request<{ problems: string[] }>('GET', '/readyz')).body.problems.join());
  await until('it says so', isTold);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(Number(/^agenthook_dropped_log_lines (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThan(0);
}

async function expectToStop(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
}

test('an api serves while nobody reads the pipe of its log, and says later how much is missing', async () => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  const { url, child } = await startApi(writer);
  closeSync(writer);
  await flood(url);
  await expectToServe(url);

  let text = '';
  const bytes = Buffer.alloc(65_536);
  const read = () => {
    try {
      text += bytes.toString('utf8', 0, readSync(reader, bytes));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
    return text.includes('log lines were dropped') && text.endsWith('\n');
  };
  await until('it says how many', read);
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { dropped?: number; status?: number });
  const dropped = lines.find((line) => line.dropped !== undefined)?.dropped ?? 0;
  const logged = lines.filter(({ status }) => status === 404).length;
  expect(dropped).toBeGreaterThan(0);
  expect(dropped + logged).toBeGreaterThanOrEqual(REQUESTS);
  await expectToStop(child);
  closeSync(reader);
});

test('an api serves while nobody reads the socket of its log', async () => {
  const { url, child } = await startApi('pipe'); // Node makes it a socket, which nothing here reads
  await flood(url);
  await expectToServe(url);
  await expectToStop(child);
});

test('an api serves while the disk of its log is full', async () => {
  const full = openSync('/dev/full', 'w');
  const { url, child } = await startApi(full);
  closeSync(full);
  await flood(url, 100);
  await expectToServe(url);
  await expectToStop(child);
});
