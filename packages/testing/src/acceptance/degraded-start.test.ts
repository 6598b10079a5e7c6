import { randomBytes } from 'node:crypto';
import { afterEach, expect, jest, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { type RedisServer, type Stack, startRedisServer, startStack, until } from '../index.js';

jest.setTimeout(120_000);

const TASKS = 40;
/** Text that compression does not make shorter. */
const PAYLOAD = { filler: randomBytes(75_000).toString('base64'), sandbox: { reply: 'done' } };
const DAY_MS = 86_400_000;

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanUps.splice(0).reverse()) await clean();
});

interface Setup {
  server: RedisServer;
  admin: Redis;
  stack: Stack;
  token: string;
}

/** A stack whose processes have stopped, on a Redis with some finished tasks. */
async function stopped(env: Record<string, string> = {}): Promise<Setup & { ids: string[] }> {
  const server = await startRedisServer({ aof: true });
  cleanUps.push(() => server.stop('SIGKILL'));
  const admin = new Redis(server.url);
  cleanUps.push(() => admin.disconnect());
  const stack = await startStack({ redisUrl: server.url, env });
  cleanUps.push(stack.stop);
  const { token } = await stack.mintWebhook((await stack.createAgent({ name: 'a' })).id);
  const sent = Array.from({ length: TASKS }, () => stack.trigger(token, PAYLOAD));
  const ids = (await Promise.all(sent)).map(({ body }) => body.task_id);
  for (const id of ids) await stack.poll(id, { timeoutMs: 30_000 });
  await Promise.all([...stack.apis, ...stack.workers].map((process) => process.stop()));
  return { server, admin, stack, token, ids };
}

/** Starts an api and a worker again, and returns what a caller does with the api. */
async function startAgain({ stack, token }: Setup) {
  const api = await stack.startApi();
  // Its heartbeat is stored only once Redis stores again.
  stack.startWorker().catch(() => undefined);
  const get = async (path: string) => {
    const answer = await fetch(api.url + path, { headers: { authorization: `Bearer ${stack.adminKey}` } });
    return { status: answer.status, body: (await answer.json()) as { problems: string[] } };
  };
  const send = async () => (await stack.trigger(`${api.url}/api/webhooks/agents/${token}`, {})).status;
  return { api, get, send };
}

test('a start while Redis is full answers reads, frees memory and recovers by itself', async () => {
  const setup = await stopped();
  const { admin, stack, ids } = setup;
  // As if the tasks had ended long ago.
  for (const id of ids) await admin.zadd('{agenthook:0}:tasks:completed', Date.now() - 30 * DAY_MS, id);
  const used = Number(/used_memory:(\d+)/.exec(await admin.info('memory'))?.[1]);
  await admin.config('SET', 'maxmemory', used - 1_000_000);
  await expect(admin.set('more', '1')).rejects.toThrow(/^OOM/);
  const { send, get } = await startAgain(setup);
  await until('it stores again', async () => (await send()) === 200, { timeoutMs: 30_000 });
  expect((await get(`/api/task_status?task_id=${ids[0]}`)).status).toBe(404);
  for (const process of [...stack.apis.slice(1), ...stack.workers.slice(1)])
    expect(process.exit()).toBeUndefined();
});

test('what a full Redis advises works: finished tasks can be erased', async () => {
  const setup = await stopped();
  const { admin, stack, ids } = setup;
  const used = Number(/used_memory:(\d+)/.exec(await admin.info('memory'))?.[1]);
  await admin.config('SET', 'maxmemory', used - 1_000_000);
  const { api, get, send } = await startAgain(setup);
  expect(await send()).toBe(503);
  expect((await get(`/api/task_status?task_id=${ids[0]}`)).status).toBe(200);
  expect((await get('/api/tasks')).status).toBe(200);
  const ready = await get('/readyz');
  expect(ready.status).toBe(503);
  expect(ready.body.problems.join()).toMatch(
    /Redis is full .* or erase finished tasks \(DELETE \/api\/tasks/,
  );
  const erased = await fetch(`${api.url}/api/tasks?before=${new Date().toISOString()}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${stack.adminKey}` },
  });
  expect(erased.status).toBe(200);
  await until('it stores again', async () => (await send()) === 200, { timeoutMs: 30_000 });
  await until('it is ready', async () => (await get('/readyz')).status === 200, { timeoutMs: 30_000 });
});

test.each([
  [
    'a replica',
    (admin: Redis) => admin.replicaof('127.0.0.1', 1),
    (admin: Redis) => admin.replicaof('NO', 'ONE'),
    /is a replica/,
  ],
  [
    'without the replicas that it needs',
    (admin: Redis) => admin.config('SET', 'min-replicas-to-write', 1),
    (admin: Redis) => admin.config('SET', 'min-replicas-to-write', 0),
    /has too few replicas .* min-replicas-to-write/,
  ],
])('a start while Redis is %s answers reads, says why and recovers', async (_name, refuse, accept, line) => {
  const setup = await stopped();
  const { admin, ids } = setup;
  await refuse(admin);
  const { get, send } = await startAgain(setup);
  expect((await get(`/api/task_status?task_id=${ids[0]}`)).status).toBe(200);
  expect(await send()).toBe(503);
  const ready = await get('/readyz');
  expect([ready.status, ready.body.problems.join()]).toEqual([503, expect.stringMatching(line)]);
  await accept(admin);
  await until('it stores again', async () => (await send()) === 200, { timeoutMs: 30_000 });
  await until('it is ready', async () => (await get('/readyz')).status === 200, { timeoutMs: 30_000 });
});

test('an empty Redis that stores nothing at first gets one secret key', async () => {
  const server = await startRedisServer();
  cleanUps.push(() => server.stop('SIGKILL'));
  const admin = new Redis(server.url);
  cleanUps.push(() => admin.disconnect());
  await admin.config('SET', 'maxmemory', 1);
  const stack = await startStack({ redisUrl: server.url, workers: 0 });
  cleanUps.push(stack.stop);
  const other = await stack.startApi({ SECRET_KEY: 'a different key of enough length' });
  await admin.config('SET', 'maxmemory', 0);
  const both = [stack.apis[0], other].map((api) => api?.exited);
  expect(await Promise.race(both)).toMatchObject({ code: 0 });
  expect(stack.logs()).toContain('SECRET_KEY is not the one');
  expect([stack.apis[0], other].filter((api) => api?.exit() === undefined)).toHaveLength(1);
});
