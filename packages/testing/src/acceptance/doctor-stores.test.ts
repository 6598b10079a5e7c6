import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Redis } from 'ioredis';
import pg from 'pg';
import {
  type PostgresServer,
  type Stack,
  startPostgres,
  startS3Server,
  startStack,
  until,
  withPostgres,
} from '../index.js';

jest.setTimeout(120_000);

const CLI = fileURLToPath(new URL('../../../../apps/cli/dist/main.js', import.meta.url));

interface Finding {
  check: string;
  level: string;
  message: string;
  action: string | null;
}

let stack: Stack;
let redis: Redis;
beforeAll(async () => {
  stack = await startStack();
  redis = new Redis(stack.redisUrl);
});
afterAll(async () => {
  redis?.disconnect();
  await stack?.stop();
});

/** What the doctor says of a check, with the stack's settings and these. */
async function findings(check: string, env: Record<string, string> = {}): Promise<Finding[]> {
  const options = {
    env: {
      PATH: process.env.PATH,
      AGENTHOOK_HOME: '/nonexistent',
      REDIS_URL: stack.redisUrl,
      SECRET_KEY: stack.secretKey,
      ...env,
    },
  };
  const text = await new Promise<string>((resolve) => {
    execFile(process.execPath, [CLI, 'doctor', '--json', '--offline'], options, (_error, stdout) =>
      resolve(stdout),
    );
  });
  const { findings: all } = JSON.parse(text) as { findings: Finding[] };
  for (const { level, action } of all)
    if (level === 'error' || level === 'warning') expect(action).toMatch(/\w/);
  return all.filter((each) => each.check === check);
}

const KEYS = { BLOB_STORE_ACCESS_KEY_ID: 'AKIDEXAMPLE', BLOB_STORE_SECRET_ACCESS_KEY: 'secret' };

test('the store of files: one that takes files, one that refuses, one that is not there', async () => {
  const store = await startS3Server({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' });
  try {
    const env = { ...KEYS, BLOB_STORE_URL: store.url };
    expect(await findings('files')).toEqual([]);
    expect(await findings('files', env)).toMatchObject([
      { level: 'ok', message: expect.stringMatching(/takes files\.$/) },
    ]);
    expect(await findings('files', { ...env, BLOB_STORE_SECRET_ACCESS_KEY: 'other' })).toMatchObject([
      { level: 'error', message: expect.stringMatching(/403 SignatureDoesNotMatch/) },
    ]);
  } finally {
    await store.close();
  }
  expect(await findings('files', { ...KEYS, BLOB_STORE_URL: store.url })).toMatchObject([
    { level: 'error', message: expect.stringMatching(/ECONNREFUSED/) },
  ]);
});

withPostgres(test)(
  'the archive: none for the others, what waits, what was refused, one that is away',
  async () => {
    const postgres: PostgresServer = await startPostgres();
    const sql = new pg.Client(postgres.url);
    await sql.connect();
    const env = { ARCHIVE_URL: postgres.url, ARCHIVE_AFTER_SECONDS: '1' };
    try {
      const { token } = await stack.mintWebhook((await stack.createAgent({ name: 'Archive' })).id);
      const { body } = await stack.trigger(token, { n: 1 });
      await stack.poll(body.task_id);
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      expect(await findings('archive')).toEqual([]);
      expect(await findings('archive', env)).toMatchObject([
        { level: 'warning', message: expect.stringMatching(/no live process has an archive/) },
        { level: 'ok', message: expect.stringMatching(/about 0 task\(s\)\. 1 wait for it in Redis\.$/) },
      ]);
      const worker = await stack.startWorker(env);
      await until('the task is archived', async () => {
        const { rowCount } = await sql
          .query('SELECT 1 FROM agenthook_archive')
          .catch(() => ({ rowCount: 0 }));
        return rowCount === 1;
      });
      await sql.query('ALTER TABLE agenthook_archive ADD CONSTRAINT closed CHECK (false) NOT VALID');
      const { body: next } = await stack.trigger(token, { n: 2 });
      await stack.poll(next.task_id);
      const refused = async () => (await findings('archive', env)).find(({ level }) => level === 'error');
      await until('the refused task is told', async () => (await refused()) !== undefined);
      expect(await refused()).toMatchObject({
        message: expect.stringMatching(`refused 1 finished task\\(s\\), such as ${next.task_id}: 23514 `),
      });
      expect((await findings('archive', env)).map(({ level }) => level)).toContain('ok');
      expect((await stack.status(next.task_id)).body.status).toBe('SUCCESS');
      worker.signal('SIGKILL');
      await worker.exited;
    } finally {
      await sql.end();
      await postgres.stop();
    }
    const away = (await findings('archive', env)).find(({ level }) => level === 'error');
    expect(away).toMatchObject({ level: 'error', message: expect.stringMatching(/ECONNREFUSED/) });
  },
);

test('damaged rows are named by kind and id, each with what to do', async () => {
  const agent = await stack.createAgent({ name: 'Rows' });
  expect(await findings('rows')).toMatchObject([{ level: 'ok' }]);
  const key = (await stack.request<{ id: string }>('POST', '/api/keys', { name: 'ci', role: 'viewer' })).body;
  const { body: rule } = await stack.request<{ id: string }>('POST', '/api/alert-rules', {
    type: 'first_failure',
    name: 'first',
  });
  const [hash = '', json = ''] = Object.entries(await redis.hgetall('{agenthook}:api-keys'))[0] ?? [];
  await redis.hset('{agenthook}:api-keys', hash, json.slice(0, -4));
  await redis.hset('{agenthook}:api-keys', 'b'.repeat(43), '7');
  await redis.hset('{agenthook}:alert-rules', rule.id, '[]');
  await redis.hset(`{agenthook}:agent:${agent.id}:documents`, 'doc_1', '{"id":');
  await redis.hset(`{agenthook}:agent:${agent.id}:rejections`, 'rej_1', 'null');
  await redis.hset('{agenthook:0}:pauses', agent.id, 'x');
  const found = await findings('rows');
  const told = (kind: string) => found.find(({ message }) => message.includes(`: ${kind} `));
  expect(told('API key')?.message).toContain(key.id);
  expect(told('API key')).toMatchObject({ level: 'warning', action: expect.stringMatching(/Revoke it/) });
  expect(told('alert rule')?.message).toContain(rule.id);
  expect(told('document')?.message).toContain(`${agent.id}/doc_1`);
  expect(told('rejection')).toMatchObject({ level: 'info' });
  expect(told('pause')?.action).toMatch(/agenthook resume/);
  // What the doctor says to do works.
  for (const id of [key.id, `key_${'b'.repeat(43)}`])
    expect((await stack.request('DELETE', `/api/keys/${id}`)).status).toBe(204);
  await stack.request('DELETE', `/api/alert-rules/${rule.id}`);
  await stack.request('DELETE', `/api/agents/${agent.id}/documents/doc_1`);
  await stack.request('POST', '/api/resume', { scope: 'agent', agent_id: agent.id });
  const left = (await findings('rows')).filter(({ level }) => level !== 'info');
  expect(left).toEqual([]);
});
