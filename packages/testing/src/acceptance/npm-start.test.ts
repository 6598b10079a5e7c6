import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { apiClient, freePort, inShell, isAlive, type Launcher, startLauncher, until } from '../index.js';

const modeOf = (path: string) => statSync(path).mode & 0o777;

/** Runs the banner's two lines as a reader would. Returns the task's id. */
async function pasteCurlLines([send, read]: string[]): Promise<string> {
  const { task_id } = JSON.parse(await inShell(send ?? ''));
  const task = await until('the result', async () => {
    const answer = JSON.parse(await inShell((read ?? '').replace('TASK_ID', task_id)));
    return answer.status === 'SUCCESS' && answer;
  });
  expect(task.result.answer).toContain('Ada');
  return task_id;
}

describe('npm start', () => {
  const home = mkdtempSync(join(tmpdir(), 'agenthook-home-'));
  let port: number;
  let launcher: Launcher;
  let firstLines: string[];
  let taskId: string;

  beforeAll(async () => {
    port = await freePort();
    launcher = await startLauncher(home, port);
    await launcher.ready();
    firstLines = launcher.curlLines();
  });

  afterAll(async () => {
    await launcher.stop();
    rmSync(home, { recursive: true, force: true });
  });

  test('says where everything is', () => {
    const banner = launcher.log();
    expect(banner).toContain(`http://localhost:${port}/\n`);
    expect(banner).toContain(`http://localhost:${port}/docs\n`);
    expect(banner).toContain(join(home, 'admin_api_key'));
    expect(banner).toContain(`http://localhost:${port}/api/webhooks/agents/whk_`);
    expect(banner).toMatch(/Agent +agt_\w+ /);
  });

  test('prints curl lines that work when pasted', async () => {
    expect(firstLines).toHaveLength(2);
    taskId = await pasteCurlLines(firstLines);
  });

  test('creates an admin key that opens the api, readable only by its owner', async () => {
    const key = readFileSync(join(home, 'admin_api_key'), 'utf8');
    const { body } = await apiClient(`http://localhost:${port}`, key).request('GET', '/api/agents');
    expect(body).toMatchObject({ agents: [{ name: 'First agent' }] });
    expect(launcher.log()).not.toContain(key);
    expect(modeOf(home)).toBe(0o700);
    for (const file of [
      'admin_api_key',
      'secret_key',
      'first-agent.json',
      'redis/redis.conf',
      'logs/api.log',
    ]) {
      expect([file, modeOf(join(home, file))]).toEqual([file, 0o600]);
    }
  });

  test('does not run twice on the same folder', async () => {
    const second = await startLauncher(home, await freePort());
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(second.log().trim().split('\n')).toEqual([expect.stringContaining(`pid ${launcher.pid}`)]);
    expect((await fetch(`http://localhost:${port}/readyz`)).status).toBe(200);
  });

  test('stops everything on SIGINT', async () => {
    const children = Object.values(launcher.children());
    expect(children).toHaveLength(3);
    expect(children.filter(isAlive)).toHaveLength(3);
    expect(await launcher.stop('SIGINT')).toEqual({ code: 0, signal: null });
    expect(children.filter(isAlive)).toEqual([]);
  });

  test('has the same key, agent, webhook and tasks after a restart', async () => {
    const key = readFileSync(join(home, 'admin_api_key'), 'utf8');
    launcher = await startLauncher(home, port);
    await launcher.ready();
    expect(launcher.curlLines()).toEqual(firstLines);
    expect(readFileSync(join(home, 'admin_api_key'), 'utf8')).toBe(key);
    const api = apiClient(`http://localhost:${port}`, key);
    expect((await api.status(taskId)).body.status).toBe('SUCCESS');
    await pasteCurlLines(launcher.curlLines());
    expect((await api.request<{ agents: unknown[] }>('GET', '/api/agents')).body.agents).toHaveLength(1);
  });
});

test('a port in use gives one clear line, and nothing is started', async () => {
  const home = mkdtempSync(join(tmpdir(), 'agenthook-home-'));
  const other = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  const launcher = await startLauncher(home, port);
  expect(await launcher.exited).toEqual({ code: 1, signal: null });
  expect(launcher.log().trim().split('\n')).toEqual([
    expect.stringContaining(`port ${port} is in use by another program; try:  PORT=${port + 1} npm start`),
  ]);
  expect(existsSync(join(home, 'lock'))).toBe(false);
  expect(existsSync(join(home, 'redis'))).toBe(false);
  await new Promise((resolve) => other.close(resolve));
  rmSync(home, { recursive: true, force: true });
});

test('a bad setting gives one clear line, and nothing is left running', async () => {
  const home = mkdtempSync(join(tmpdir(), 'agenthook-home-'));
  const launcher = await startLauncher(home, await freePort(), { LOG_LEVEL: 'loud' });
  expect(await launcher.exited).toEqual({ code: 1, signal: null });
  expect(launcher.log()).toContain('LOG_LEVEL');
  expect(launcher.log().match(/LOG_LEVEL/g)).toHaveLength(1);
  expect(existsSync(join(home, 'lock'))).toBe(false);
  rmSync(home, { recursive: true, force: true });
});
