import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Redis } from 'ioredis';
import {
  freePort,
  type ManagedProcess,
  type RedisServer,
  type Stack,
  startProcess,
  startRedisServer,
  startStack,
  until,
} from '../index.js';

jest.setTimeout(120_000);

const PASSWORD = 'a-password';
const PAGE = fileURLToPath(new URL('../../../../docs/guides/operate/run.md', import.meta.url));

/** The command of the guide that makes the user. */
function documented(): string[] {
  const [, rules = ''] = /ACL SETUSER agenthook on >PASSWORD ([^`]*)/.exec(readFileSync(PAGE, 'utf8')) ?? [];
  return rules.trim().split(/\s+/);
}

let server: RedisServer;
let admin: Redis;
const stacks: Stack[] = [];
beforeAll(async () => {
  server = await startRedisServer();
  admin = new Redis(server.url);
});
afterAll(async () => {
  for (const stack of stacks) await stack.stop();
  admin?.disconnect();
  await server?.stop();
});

const setUser = (name: string, ...rules: string[]) =>
  admin.call('ACL', 'SETUSER', name, 'reset', 'on', `>${PASSWORD}`, ...rules);
const urlOf = (user: string, db = 2) => `redis://${user}:${PASSWORD}@127.0.0.1:${server.port}/${db}`;

/** What an api and a worker print that cannot start. */
async function refused(redisUrl: string): Promise<string[]> {
  const stack = await startStack({ redisUrl, apis: 0, workers: 0 });
  stacks.push(stack);
  const ended = async (process: ManagedProcess) => {
    expect(await process.exited).toEqual({ code: 1, signal: null });
    return process.log();
  };
  const worker = ended(await stack.startWorker());
  await expect(stack.startApi()).rejects.toThrow('a process ended instead');
  return [await ended(stack.apis[0] as ManagedProcess), await worker];
}

test('the documented user is enough for all that agents do', async () => {
  await setUser('agenthook', ...documented());
  await admin.call('ACL', 'LOG', 'RESET');
  const stack = await startStack({ redisUrl: urlOf('agenthook'), env: { EGRESS_ALLOW: '127.0.0.1' } });
  stacks.push(stack);
  const agent = await stack.createAgent({
    name: 'a',
    filter: 'payload.skip != true',
    callback: { url: 'http://127.0.0.1:9/nobody' },
    limits: { max_concurrency: 1, rate_per_minute: 1_000 },
    schedules: [{ id: 'hourly', every_seconds: 3_600 }],
  });
  const path = `/api/agents/${agent.id}`;
  const { token } = await stack.mintWebhook(agent.id);
  const send = async (payload: object, headers = {}) =>
    (await stack.trigger(token, payload, headers)).body.task_id;
  const slow = { sandbox: { steps: [{ latency_ms: 2_000 }], reply: 'done' } };
  const [first, second, third] = [
    await send(slow, { 'idempotency-key': 'k' }),
    await send(slow),
    await send(slow),
  ];
  await stack.trigger(token, { skip: true });
  await stack.trigger(token, '{');
  const waited = await stack.request<{ status: string }>('GET', `/api/task_status?task_id=${first}&wait=20`);
  expect(waited.body.status).toBe('SUCCESS');
  expect((await stack.request('POST', `/api/tasks/${third}/cancel`)).status).toBe(200);
  expect((await stack.poll(second, { timeoutMs: 30_000 })).status).toBe('SUCCESS');
  for (const [method, route, body] of [
    ['PATCH', path, { description: 'changed' }],
    ['POST', `${path}/webhook`, {}],
    ['POST', `${path}/callback/rotate`, {}],
    ['GET', `${path}/versions`, undefined],
    ['GET', `${path}/rejections`, undefined],
    ['GET', `${path}/filtered`, undefined],
    ['GET', `${path}/callbacks`, undefined],
    ['POST', '/api/keys', { name: 'Ada', role: 'viewer' }],
    ['GET', '/api/keys', undefined],
    ['GET', `/api/tasks?agent_id=${agent.id}`, undefined],
    ['GET', `/api/tasks/${first}`, undefined],
    ['POST', `/api/tasks/${first}/replay`, {}],
    ['GET', '/api/stats', undefined],
    ['GET', '/metrics', undefined],
    ['DELETE', `/api/tasks?before=${new Date().toISOString()}&cancel=true`, undefined],
    ['DELETE', path, undefined],
    ['GET', '/readyz', undefined],
  ] as const) {
    const { status } = await stack.request(method, route, body);
    expect([route, status < 500]).toEqual([route, true]);
  }
  await stack.stop();
  const log = (await admin.call('ACL', 'LOG')) as unknown[];
  expect(log.map((entry) => JSON.stringify(entry))).toEqual([]);
});

test.each([
  ['INFO', '-info', /may not run INFO: run ACL SETUSER limited \+info \(docs\/guides/],
  ['EVAL', '-eval', /may not run EVAL: run ACL SETUSER limited \+eval \(/],
  ['transactions', '-multi', /may not run MULTI: run ACL SETUSER limited \+multi \(/],
  ['two commands', '-zadd -xread', /may not run ZADD, XREAD: run ACL SETUSER limited \+zadd \+xread \(/],
  [
    'our keys',
    'resetkeys ~other:*',
    /may not use our keys: run ACL SETUSER limited ~\{agenthook\}:\* ~\{agenthook:0\}:\* \(/,
  ],
])('a user without %s is refused with what to do', async (_name, rules, line) => {
  await setUser('limited', ...documented(), ...rules.split(' '));
  for (const printed of await refused(urlOf('limited'))) {
    expect(printed).toMatch(line);
    expect(printed.trim().split('\n')).toHaveLength(1);
  }
});

test('a user that loses a right while processes run makes them unready, and says why', async () => {
  await setUser('fading', ...documented());
  const stack = await startStack({ redisUrl: urlOf('fading', 3) });
  stacks.push(stack);
  const ready = () => stack.request<{ problems: string[] }>('GET', '/readyz');
  expect((await ready()).status).toBe(200);
  await admin.call('ACL', 'SETUSER', 'fading', '-evalsha');
  await until('it is not ready', async () => (await ready()).status === 503);
  expect((await ready()).body.problems.join()).toMatch(/Redis refuses .*NOPERM/);
  const { token } = { token: 'whk_0123456789012345678901234567890123456789012' };
  const { status, body } = await stack.trigger(token, {});
  expect([status, body]).toMatchObject([503, { code: 'redis_unavailable' }]);
});

test('a node of a cluster and a Sentinel are refused with what to do, and no stored value is printed', async () => {
  const node = await startRedisServer({ options: { 'cluster-enabled': 'yes' } });
  const cluster = new Redis(node.url);
  await cluster.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  await until('it is up', async () =>
    String(await cluster.call('CLUSTER', 'INFO')).includes('cluster_state:ok'),
  );
  const other = await startRedisServer({ options: { 'cluster-enabled': 'yes' } });
  await cluster.call('CLUSTER', 'MEET', '127.0.0.1', String(other.port));
  const otherClient = new Redis(other.url);
  await until('they know each other', async () =>
    String(await otherClient.call('CLUSTER', 'INFO')).includes('cluster_state:ok'),
  );
  for (const printed of await refused(other.url)) {
    expect(printed).toMatch(
      /is a node of a cluster that keeps our keys elsewhere \(MOVED \d+ .*\). Set REDIS_URL/,
    );
    expect(printed.trim().split('\n')).toHaveLength(1);
  }
  cluster.disconnect();
  otherClient.disconnect();
  await Promise.all([node.stop(), other.stop()]);

  const folder = mkdtempSync(join(tmpdir(), 'agenthook-sentinel-'));
  const port = await freePort();
  const config = join(folder, 'sentinel.conf');
  writeFileSync(config, `port ${port}\nbind 127.0.0.1\nsentinel monitor main 127.0.0.1 ${server.port} 1\n`);
  const sentinel = await startProcess('redis-server', [config, '--sentinel']);
  await until('it listens', () => sentinel.log().includes('Sentinel ID is'));
  for (const printed of await refused(`redis://127.0.0.1:${port}`)) {
    expect(printed).toMatch(
      /What answers at 127.0.0.1:\d+ is a Redis Sentinel. Set REDIS_URL to the primary/,
    );
    expect(printed.trim().split('\n')).toHaveLength(1);
  }
  await sentinel.stop();
  rmSync(folder, { recursive: true });
});
