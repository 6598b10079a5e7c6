import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { apiClient, freePort, type Launcher, startLauncher, until } from '../index.js';

jest.setTimeout(240_000);

const MB = 2 ** 20;

let home: string;
let launcher: Launcher;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'agenthook-full-'));
  asRoot('mount', '-t', 'tmpfs', '-o', `size=40m,mode=0700,uid=${process.getuid?.()}`, 'tmpfs', home);
});
afterAll(async () => {
  await launcher?.stop();
  asRoot('umount', home);
  rmSync(home, { recursive: true, force: true });
});

function asRoot(command: string, ...args: string[]): void {
  if (process.getuid?.() === 0) execFileSync(command, args);
  else execFileSync('sudo', ['-n', command, ...args]);
}

/** Fills the disk with a file, up to the last byte. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  for (let size = MB; size >= 1; ) {
    try {
      writeSync(file, Buffer.alloc(size, 'x'));
    } catch {
      size = Math.floor(size / 2);
    }
  }
  closeSync(file);
}

test('with a full disk senders get 503 in time and people the reason; with room, all goes on', async () => {
  const port = await freePort();
  launcher = await startLauncher(home, port);
  await launcher.ready();
  const url = `http://localhost:${port}`;
  const api = apiClient(url, readFileSync(join(home, 'admin_api_key'), 'utf8'));
  const { token } = JSON.parse(readFileSync(join(home, 'first-agent.json'), 'utf8'));
  const send = (payload: unknown) => api.trigger(token, payload);
  const done = { sandbox: { reply: 'done' } };
  const before = (await send(done)).body.task_id;
  expect(await api.poll(before)).toMatchObject({ status: 'SUCCESS' });

  fill(join(home, 'filler'));
  const large = { ...done, filler: 'x'.repeat(100_000) };
  await until('a task is refused', async () => (await send(large)).status === 503, { timeoutMs: 60_000 });
  for (let n = 0; n < 50; n++) {
    const began = performance.now();
    expect((await send(large)).status).toBe(503);
    expect(performance.now() - began).toBeLessThan(6_000);
  }
  expect((await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5_000) })).status).toBe(200);
  const ready = await api.request<{ problems: string[] }>('GET', '/readyz');
  expect(ready.status).toBe(503);
  expect(ready.body.problems.join('\n')).toMatch(/disk full, 16 MB needed: \d+\.\d MB are free in .*redis\./);

  rmSync(join(home, 'filler'));
  await until('it is ready', async () => (await fetch(`${url}/readyz`)).ok, {
    timeoutMs: 90_000,
    everyMs: 250,
  });
  expect((await api.status(before)).body).toMatchObject({ status: 'SUCCESS' });
  const after = (await send(done)).body.task_id;
  expect(await api.poll(after, { timeoutMs: 30_000 })).toMatchObject({ status: 'SUCCESS' });
  expect(launcher.exit()).toBeUndefined();
});
