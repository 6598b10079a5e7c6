import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  type ApiClient,
  apiClient,
  freePort,
  inShell,
  isAlive,
  type Launcher,
  startLauncher,
  until,
} from '../index.js';

let home: string;
let port: number;
let launcher: Launcher;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'agenthook-home-'));
  port = await freePort();
});

afterEach(async () => {
  await launcher.stop();
  rmSync(home, { recursive: true, force: true });
});

async function start(env?: Record<string, string>): Promise<ApiClient> {
  launcher = await startLauncher(home, port, env);
  await launcher.ready();
  return apiClient(`http://localhost:${port}`, readFileSync(join(home, 'admin_api_key'), 'utf8'));
}

/** Sends the first agent a task whose model takes a while. */
async function triggerSlowTask(api: ApiClient, latency_ms: number): Promise<string> {
  const { token } = JSON.parse(readFileSync(join(home, 'first-agent.json'), 'utf8'));
  const { body } = await api.trigger(token, { sandbox: { steps: [{ latency_ms }], reply: 'done' } });
  await until('the task runs', async () => (await api.status(body.task_id)).body.status === 'STARTED');
  return body.task_id;
}

test('says how to get a new URL if the remembered one was rotated away', async () => {
  const api = await start();
  const { agent_id } = JSON.parse(readFileSync(join(home, 'first-agent.json'), 'utf8'));
  await api.mintWebhook(agent_id);
  await launcher.stop('SIGINT');

  await start();
  const [line, ...more] = launcher.curlLines();
  expect(more).toEqual([]);
  const { webhook_url } = JSON.parse(await inShell(line ?? ''));
  expect((await api.trigger(webhook_url, { hello: 'again' })).status).toBe(200);
});

test('restarts a process that died, and says so', async () => {
  const api = await start();
  for (const name of ['worker', 'api', 'redis'] as const) {
    const { [name]: pid } = launcher.children();
    process.kill(pid, 'SIGKILL');
    await until(`${name} runs again`, () => launcher.children()[name] !== pid);
    expect(launcher.log()).toContain(`${name} died (SIGKILL) and restarts`);
  }
  await until('it is ready again', async () => (await api.request('GET', '/readyz')).status === 200);
  const [line] = launcher.curlLines();
  const { task_id } = JSON.parse(await inShell(line ?? ''));
  expect((await api.poll(task_id, { timeoutMs: 30_000 })).status).toBe('SUCCESS');
});

test('takes over from a launcher that was killed', async () => {
  await start();
  const lines = launcher.curlLines();
  const { redis, api, worker } = launcher.children();
  launcher.signal('SIGKILL');
  await launcher.exited;
  await until('api and worker end', () => ![api, worker].some(isAlive));
  expect(isAlive(redis)).toBe(true);

  await start();
  expect(isAlive(redis)).toBe(false);
  expect(launcher.curlLines()).toEqual(lines);
});

test('hands back a running task on Ctrl-C and finishes it after the next start', async () => {
  const api = await start({ SHUTDOWN_GRACE_SECONDS: '2' });
  const taskId = await triggerSlowTask(api, 8000);
  expect(await launcher.stop('SIGINT')).toEqual({ code: 0, signal: null });
  const stopped = Date.now();

  await start();
  const task = await api.poll(taskId, { timeoutMs: 30_000 });
  expect(task).toMatchObject({ status: 'SUCCESS', result: { answer: 'done' } });
  expect(Date.parse(String(task.finished_at))).toBeGreaterThan(stopped);
});

test('a second Ctrl-C kills at once', async () => {
  const api = await start();
  await triggerSlowTask(api, 30_000);
  const children = Object.values(launcher.children());
  launcher.signal('SIGINT');
  await until('it says that it is stopping', () => launcher.log().includes('stopping'));
  await new Promise((resolve) => setTimeout(resolve, 600));
  const asked = Date.now();
  expect((await launcher.stop('SIGINT')).code).toBe(130);
  expect(Date.now() - asked).toBeLessThan(15_000);
  expect(children.filter(isAlive)).toEqual([]);
});
