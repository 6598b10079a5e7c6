import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { freshRedis, isAlive, startRedisServer, startStack, until } from '../index.js';

const connect = (url: string) =>
  new Redis(url, { commandTimeout: 300, maxRetriesPerRequest: 0 }).on('error', () => {});

test('freshRedis gives an empty database that other workers do not have', async () => {
  const { url, flush, close } = await freshRedis();
  const redis = connect(url);
  await redis.set('a', 1);
  await flush();
  expect(await redis.dbsize()).toBe(0);
  redis.disconnect();
  await close();
});

test('a private Redis keeps its data through a kill, freezes and thaws', async () => {
  const server = await startRedisServer({ aof: true });
  const redis = connect(server.url);
  await redis.set('a', 'kept');
  const { pid } = server;
  await server.down('SIGKILL');
  await server.restart();
  expect(server.pid).not.toBe(pid);
  expect(await until('it is back', () => redis.get('a'))).toBe('kept');

  server.pause();
  await expect(redis.get('a')).rejects.toThrow('timed out');
  server.resume();
  expect(await until('it answers again', () => redis.get('a'))).toBe('kept');
  redis.disconnect();
  await server.stop();
  expect(existsSync(server.dir)).toBe(false);
  expect(isAlive(server.pid)).toBe(false);
});

test('a stack of several processes runs a task and is gone after stop', async () => {
  const stack = await startStack({ apis: 2, workers: 2 });
  const { id } = await stack.createAgent({ name: 'Echo' });
  const { token } = await stack.mintWebhook(id);
  const { body } = await stack.trigger(token, { sandbox: { reply: 'pong' } });
  expect(await stack.poll(body.task_id)).toMatchObject({ status: 'SUCCESS', result: { answer: 'pong' } });
  // The other api knows the same tasks.
  const { status } = await fetch(`${stack.apis[1]?.url}/api/task_status?task_id=${body.task_id}`);
  expect(status).toBe(200);
  await stack.stop();
  expect([...stack.apis, ...stack.workers].filter(({ pid }) => isAlive(pid))).toEqual([]);
});

test('what a killed test run had started does not outlive it', async () => {
  const harness = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
  const script = `
    const { startRedisServer } = await import(${JSON.stringify(harness)});
    console.log((await startRedisServer()).pid);
    process.kill(process.pid, 'SIGKILL');`;
  const { stdout, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    // Nothing else could end the wait: it blocks this process.
    timeout: 30_000,
    killSignal: 'SIGTERM',
  });
  expect(signal).toBe('SIGKILL');
  await until('its Redis is killed', () => !isAlive(Number(stdout)));
});
