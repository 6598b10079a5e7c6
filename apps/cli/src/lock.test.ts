import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { takeLock } from './lock.js';
import { commandOf } from './processes.js';

let dir: string;
const other = spawn('sleep', ['60']);
const pid = other.pid as number;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'agenthook-lock-'));
});
afterEach(() => rmSync(dir, { recursive: true }));
afterAll(() => void other.kill());

const leave = (content: unknown) => writeFileSync(join(dir, 'lock'), JSON.stringify(content));

test('a lock is written, and removed on release', async () => {
  const lock = await takeLock(dir);
  lock.note('redis', 123);
  expect(JSON.parse(readFileSync(join(dir, 'lock'), 'utf8'))).toMatchObject({
    pid: process.pid,
    children: { redis: 123 },
  });
  lock.release();
  expect(existsSync(join(dir, 'lock'))).toBe(false);
});

test('a live launcher keeps its lock', async () => {
  leave({ pid, command: commandOf(pid), children: {} });
  await expect(takeLock(dir)).rejects.toThrow(`already running on ${dir} (pid ${pid})`);
});

test('a dead launcher loses its lock and leaves the ids of its children', async () => {
  const { pid: dead } = spawnSync('true');
  leave({ pid: dead, command: 'node main.js start', children: { api: 5 } });
  const lock = await takeLock(dir);
  expect(lock.previousChildren).toEqual({ api: 5 });
});

test("another process with a dead launcher's id does not keep its lock", async () => {
  leave({ pid, command: 'node main.js start', children: {} });
  await expect(takeLock(dir)).resolves.toBeDefined();
});

test('a killed launcher that its parent has not collected yet loses its lock', async () => {
  const parent = spawn('/bin/sh', ['-c', 'sleep 0 & echo $!; exec sleep 60']);
  const [text] = await once(parent.stdout, 'data');
  await new Promise((resolve) => setTimeout(resolve, 100));
  leave({ pid: Number(text), command: 'sleep 0', children: {} });
  await expect(takeLock(dir)).resolves.toBeDefined();
  parent.kill();
});

test('an unreadable lock file is taken over', async () => {
  writeFileSync(join(dir, 'lock'), '');
  await expect(takeLock(dir)).resolves.toMatchObject({ previousChildren: {} });
});
