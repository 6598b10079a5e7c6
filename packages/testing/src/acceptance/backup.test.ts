import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { type RedisServer, type Stack, startRedisServer, startStack, until } from '../index.js';

jest.setTimeout(120_000);

const CLI = fileURLToPath(new URL('../../../../apps/cli/dist/main.js', import.meta.url));

let stack: Stack;
let target: RedisServer;
let redis: Redis;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agenthook-backup-'));
  stack = await startStack();
  target = await startRedisServer();
  redis = new Redis(target.url);
});
afterAll(async () => {
  redis?.disconnect();
  await stack?.stop();
  await target?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command as a program. */
function run(redisUrl: string, args: string[], more: Record<string, string> = {}) {
  const options = {
    env: {
      PATH: process.env.PATH,
      AGENTHOOK_HOME: '/nonexistent',
      REDIS_URL: redisUrl,
      SECRET_KEY: stack.secretKey,
      ...more,
      ...more,
    },
  };
  return new Promise<{ code: number | null; text: string }>((resolve) => {
    const child = execFile(process.execPath, [CLI, ...args], options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, text: stdout + stderr }),
    );
  });
}

test('a backup is restored into a new Redis: results are read, agents run, nothing runs twice', async () => {
  const agent = await stack.createAgent({
    name: 'kept',
    limits: { max_concurrency: 1 },
    signature: { scheme: 'token', header: 'X-Token', secret: 'the-token' },
    conversation: { key: '{{ payload.who }}' },
    schedules: [{ id: 'hourly', every_seconds: 3_600 }],
  });
  const { token } = await stack.mintWebhook(agent.id);
  await stack.request('PATCH', `/api/agents/${agent.id}`, { description: 'of version 2' });
  const send = async (on: Stack['trigger'], payload: object, key: string) =>
    (await on(token, payload, { 'x-token': 'the-token', 'idempotency-key': key })).body.task_id;
  const ended = await send(stack.trigger, { who: 'Ada', sandbox: { reply: 'Grüße 𝄞' } }, 'first');
  await stack.poll(ended);
  const failed = await send(
    stack.trigger,
    { who: 'Bob', sandbox: { steps: [{ fail: 'refused' }] } },
    'second',
  );
  await stack.poll(failed);
  const slow = { sandbox: { steps: [{ latency_ms: 60_000 }], reply: 'late' } };
  const running = await send(stack.trigger, { who: 'Cy', ...slow }, 'third');
  await until('it runs', async () => (await stack.status(running)).body.status === 'STARTED');
  await stack.workers[0]?.signal('SIGSTOP');
  const waiting = await send(
    stack.trigger,
    { who: 'Di', sandbox: { reply: 'ran after the restore' } },
    'fourth',
  );

  const file = join(folder, 'all.backup');
  const made = await run(stack.redisUrl, ['backup', file]);
  expect([made.code, made.text]).toEqual([0, expect.stringMatching(/Wrote 4 task\(s\) and \d+ other/)]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(gunzipSync(readFileSync(file)).toString()).not.toContain('the-token');
  const busy = await run(stack.redisUrl, ['restore', file]);
  expect([busy.code, busy.text]).toEqual([
    1,
    expect.stringMatching(/process\(es\) of AgentHook use this Redis/),
  ]);

  const restored = await run(target.url, ['restore', file, '--waiting=run']);
  expect([restored.code, restored.text]).toEqual([0, expect.stringMatching(/Restored 4 task\(s\)/)]);
  expect(restored.text).toMatch(/1 of the tasks had not begun, and wait/);
  expect(restored.text).toMatch(/1 of the tasks had not ended .* "restored"/);
  const again = await run(target.url, ['restore', file]);
  expect([again.code, again.text]).toEqual([
    1,
    expect.stringMatching(/has data already \(1 agents, 4 tasks\)/),
  ]);
  const merged = await run(target.url, ['restore', file, '--merge']);
  expect([merged.code, merged.text]).toEqual([0, expect.stringMatching(/Restored 0 task\(s\)/)]);

  const other = await startStack({
    redisUrl: target.url,
    env: { SECRET_KEY: stack.secretKey, ADMIN_API_KEY: stack.adminKey },
  });
  try {
    const api = { ...other, adminKey: stack.adminKey };
    const status = async (id: string) => {
      const answer = await fetch(`${api.url}/api/task_status?task_id=${id}&wait=20`);
      return (await answer.json()) as {
        status: string;
        result: { answer?: string; error?: { code: string } };
      };
    };
    const original = await stack.status(ended);
    expect(await status(ended)).toEqual(original.body);
    expect((await status(failed)).result.error?.code).toBe('model_refused');
    expect(await status(running)).toMatchObject({
      status: 'FAILURE',
      result: { error: { code: 'restored' } },
    });
    expect(await status(waiting)).toMatchObject({
      status: 'SUCCESS',
      result: { answer: 'ran after the restore' },
    });
    const manage = async <T>(path: string) => {
      const answer = await fetch(`${api.url}${path}`, {
        headers: { authorization: `Bearer ${stack.adminKey}` },
      });
      return (await answer.json()) as T;
    };
    expect(await manage(`/api/agents/${agent.id}`)).toMatchObject({
      version: 2,
      description: 'of version 2',
    });
    const trace = await manage<{ steps: unknown[] }>(`/api/tasks/${ended}`);
    expect(trace).toMatchObject({ task_id: ended, status: 'SUCCESS' });
    const { tasks } = await manage<{ tasks: unknown[] }>('/api/tasks');
    expect(tasks).toHaveLength(4);
    // The same webhook, its signature and its idempotency keys work, and the agent runs.
    expect(
      await send(other.trigger, { who: 'Di', sandbox: { reply: 'ran after the restore' } }, 'fourth'),
    ).toBe(waiting);
    expect((await other.trigger(token, {}, { 'x-token': 'wrong' })).status).toBe(401);
    const fresh = await send(other.trigger, { who: 'Ada', sandbox: { reply: 'new' } }, 'fifth');
    expect(await status(fresh)).toMatchObject({ status: 'SUCCESS' });
    const { conversations } = await manage<{ conversations: { key: string }[] }>('/api/conversations');
    expect(conversations.map(({ key }) => key).sort()).toEqual(['Ada', 'Bob', 'Cy', 'Di']);
    expect(await redis.exists('{agenthook:0}:restoring')).toBe(0);
  } finally {
    await other.stop();
  }
});

test('a file that is cut, changed, newer or of another key is refused, and nothing is written', async () => {
  await redis.flushall();
  const file = join(folder, 'bad.backup');
  await stack.workers[0]?.signal('SIGCONT');
  await run(stack.redisUrl, ['backup', file]);
  const text = gunzipSync(readFileSync(file)).toString();
  const refused = async (changed: string | Buffer, reason: RegExp) => {
    writeFileSync(file, typeof changed === 'string' ? gzipSync(changed) : changed);
    const { code, text: said } = await run(target.url, ['restore', file]);
    expect([code, said]).toEqual([1, expect.stringMatching(reason)]);
    expect(await redis.dbsize()).toBe(0);
  };
  await refused(
    text.replace('"agenthook_backup":1', '"agenthook_backup":2'),
    /has format 2, .*: upgrade AgentHook/,
  );
  await refused(text.replace('of version 2', 'of version 3'), /was changed/);
  await refused(text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1), /was cut off/);
  await refused(readFileSync(CLI), /cannot be read/);
  await refused('{"a":1}\n', /is no backup of AgentHook/);
  writeFileSync(file, gzipSync(text));
  const other = await run(target.url, ['restore', file], { SECRET_KEY: 'some other key, some other key' });
  expect([other.code, other.text]).toEqual([1, expect.stringMatching(/SECRET_KEY cannot open/)]);
  expect(await redis.dbsize()).toBe(0);
  expect((await run(target.url, ['restore'])).text).toMatch(/restore takes the path of a backup/);
});
