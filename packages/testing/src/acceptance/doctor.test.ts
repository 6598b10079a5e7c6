import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { type RedisServer, type Stack, startRedisServer, startStack } from '../index.js';

jest.setTimeout(120_000);

const CLI = fileURLToPath(new URL('../../../../apps/cli/dist/main.js', import.meta.url));

interface Finding {
  check: string;
  level: string;
  message: string;
  action: string | null;
}

let server: RedisServer;
let admin: Redis;
let stack: Stack;
beforeAll(async () => {
  server = await startRedisServer({ aof: true });
  admin = new Redis(server.url);
  stack = await startStack({ redisUrl: server.url, env: { RESULT_TTL_SECONDS: '3600' } });
});
afterAll(async () => {
  await stack?.stop();
  admin?.disconnect();
  await server?.stop();
});

/** Runs the doctor as a program, with the stack's settings and these. */
function doctor(env: Record<string, string> = {}, ...args: string[]) {
  const options = {
    env: {
      PATH: process.env.PATH,
      AGENTHOOK_HOME: '/nonexistent',
      REDIS_URL: server.url,
      SECRET_KEY: stack.secretKey,
      RESULT_TTL_SECONDS: '3600',
      ...env,
    },
  };
  return new Promise<{ code: number; text: string }>((resolve) => {
    const child = execFile(process.execPath, [CLI, 'doctor', ...args], options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, text: stdout + stderr }),
    );
  });
}

/** The findings that need something done, by check. */
async function troubles(env: Record<string, string> = {}) {
  const { code, text } = await doctor(env, '--json');
  const { status, findings } = JSON.parse(text) as { status: string; findings: Finding[] };
  const bad = findings.filter(({ level }) => level === 'error' || level === 'warning');
  for (const { action } of bad) expect(action).toMatch(/\w/);
  return { code, status, findings, bad: Object.fromEntries(bad.map((each) => [each.check, each])) };
}

test('a sound installation is found sound, as a text and as JSON', async () => {
  const { code, status, findings, bad } = await troubles();
  expect(bad).toEqual({});
  expect([code, status]).toEqual([0, 'ok']);
  const message = (check: string) => findings.find((each) => each.check === check)?.message;
  expect(message('redis')).toMatch(/^Redis|^Valkey/);
  expect(message('workers')).toMatch(/^1 worker\(s\) live, with 100 slots/);
  expect(message('secret_key')).toMatch(/is the one/);
  expect(message('retention')).toBe('Results are kept for 3600 s.');
  const asText = await doctor();
  expect(asText.code).toBe(0);
  expect(asText.text).toMatch(/^ok +persistence +Every acknowledged task/m);
  expect(asText.text).toMatch(/0 error\(s\), 0 warning\(s\)\.\n$/);
  expect(asText.text).not.toContain(stack.secretKey);
});

test('what is wrong with Redis is explained', async () => {
  await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
  await admin.config('SET', 'appendfsync', 'everysec');
  await admin.config('SET', 'maxmemory', '100mb');
  const { code, bad } = await troubles();
  await admin.config('SET', 'appendfsync', 'always');
  await admin.config('SET', 'maxmemory-policy', 'noeviction');
  await admin.config('SET', 'maxmemory', '0');
  expect(code).toBe(2);
  expect(bad).toMatchObject({
    eviction: { level: 'error', action: expect.stringMatching(/CONFIG SET maxmemory-policy noeviction/) },
    persistence: { level: 'warning', action: expect.stringMatching(/appendfsync always/) },
  });
});

test('a Redis that does not answer, another database, and a missing right are each told', async () => {
  const away = await troubles({ REDIS_URL: 'redis://127.0.0.1:1' });
  expect([away.code, away.bad.redis?.level]).toEqual([2, 'error']);
  expect((await troubles({ REDIS_URL: `${server.url}/5` })).bad.database?.message).toMatch(/database 0 of/);
  const { text } = await doctor({}, '--acl');
  const [, ...rules] = text.trim().slice('ACL SETUSER '.length).split(' ');
  await admin.call('ACL', 'SETUSER', 'agenthook', 'reset', ...rules);
  const redisUrl = server.url.replace('//', '//agenthook:PASSWORD@');
  expect((await troubles({ REDIS_URL: redisUrl })).bad).toEqual({});
  await admin.call('ACL', 'SETUSER', 'agenthook', '-zadd');
  const { access } = (await troubles({ REDIS_URL: redisUrl })).bad;
  expect(access?.message).toMatch(/may not run ZADD/);
  expect(access?.action).toContain(text.trim());
});

test('a Redis that is far away is told, with what it means for a worker', async () => {
  expect((await troubles()).findings.find(({ check }) => check === 'latency')?.level).toBe('ok');
  const far = createTcpServer((client) => {
    const redis = connect({ port: server.port, host: '127.0.0.1' });
    const after = (bytes: Buffer, to: Socket) => setTimeout(() => to.writable && to.write(bytes), 15);
    client.on('data', (bytes) => after(bytes, redis));
    redis.on('data', (bytes) => after(bytes, client));
    for (const socket of [client, redis])
      socket
        .on('error', () => {})
        .on('close', () => {
          client.destroy();
          redis.destroy();
        });
  });
  await new Promise<void>((resolve) => far.listen(0, '127.0.0.1', resolve));
  const url = new URL(server.url);
  url.port = String((far.address() as AddressInfo).port);
  const { bad } = await troubles({ REDIS_URL: url.href });
  far.close();
  expect(bad.latency).toMatchObject({
    level: 'warning',
    message: expect.stringMatching(/answers in \d+ ms\. A worker with 125 slots may need \d/),
  });
});

test('another key, another retention and a bad variable are told', async () => {
  const agent = await stack.createAgent({
    name: 'with a secret',
    tools: [{ type: 'http', name: 'get', description: 'd', url: 'http://10.1.2.3/x', secrets: { key: 'k' } }],
  });
  const { bad } = await troubles({ SECRET_KEY: 'some other key, some other key' });
  expect(bad.secret_key?.level).toBe('error');
  expect(bad.secrets?.message).toMatch(/1 agent\(s\) cannot be opened .*: with a secret\./);
  expect(bad.egress).toMatchObject({
    message: expect.stringMatching(/with a secret cannot reach 10\.1\.2\.3:80/),
    action: expect.stringMatching(/add 10\.1\.2\.3:80 to EGRESS_ALLOW/),
  });
  await stack.startWorker({ RESULT_TTL_SECONDS: '60' });
  const differs = await troubles({ EGRESS_ALLOW: 'a b', RESULT_TTL_SECONDS: '5' });
  expect(differs.bad.retention?.message).toMatch(/differs between live processes \(60, 3600\)/);
  expect(differs.bad.environment?.message).toMatch(/RESULT_TTL_SECONDS/);
  expect(differs.bad.egress?.message).toMatch(/EGRESS_ALLOW: "a b"/);
  await stack.request('DELETE', `/api/agents/${agent.id}`);
});

test('providers are asked: one answers, one refuses its key, one is not there', async () => {
  const models = createServer((request, response) => {
    response.statusCode = request.headers.authorization === 'Bearer right-key' ? 200 : 401;
    response.end('{}');
  });
  await new Promise<void>((resolve) => models.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(models.address() as AddressInfo).port}/v1`;
  const good = await troubles({ OPENAI_API_KEY: 'right-key', OPENAI_BASE_URL: url });
  expect(good.findings.filter(({ check }) => check === 'providers').map(({ level }) => level)).toEqual([
    'ok',
    'ok',
  ]);
  const wrong = await troubles({ OPENAI_API_KEY: 'wrong-key', OPENAI_BASE_URL: url });
  expect(wrong.bad.providers?.message).toMatch(/refuses its key: 127\.0\.0\.1:\d+ answers 401/);
  models.close();
  const away = await doctor({ OLLAMA_BASE_URL: 'http://127.0.0.1:1' });
  expect(away.text).toMatch(/ollama cannot be reached/);
  expect((await doctor({ OLLAMA_BASE_URL: 'http://127.0.0.1:1' }, '--offline')).code).not.toBe(2);
});

test('an unknown option is refused', async () => {
  const { code, text } = await doctor({}, '--fast');
  expect(code).not.toBe(0);
  expect(text).toMatch(/doctor takes --json, --offline and --acl/);
});
