import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Redis } from 'ioredis';
import {
  apiClient,
  type HttpServer,
  type RedisServer,
  redisText,
  type Stack,
  sendJson,
  startHttpServer,
  startRedisServer,
  startStack,
  until,
} from '../index.js';

/** SEAL_AT_REST: nothing that came from outside is readable in Redis, and all of it through the api. */

jest.setTimeout(180_000);

const CLI = fileURLToPath(new URL('../../../../apps/cli/dist/main.js', import.meta.url));
const differs = expect.stringMatching(/SEAL_AT_REST is on in some processes and off in others/);
const MARK = 'what-nobody-may-read';
const NEW_KEY = 'the new secret key of this test';

let stack: Stack;
let shop: HttpServer;
let target: RedisServer;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agenthook-sealing-'));
  shop = await startHttpServer((_call, response) => sendJson(response, { found: MARK }));
  target = await startRedisServer();
  stack = await startStack({
    workers: 0,
    env: { SEAL_AT_REST: 'true', EGRESS_ALLOW: '127.0.0.1' },
  });
});
afterAll(async () => {
  await stack?.stop();
  await shop?.close();
  await target?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function run(args: string[], env: Record<string, string>) {
  const options = {
    env: { PATH: process.env.PATH, AGENTHOOK_HOME: '/nonexistent', REDIS_URL: stack.redisUrl, ...env },
  };
  return new Promise<{ code: number | null; text: string }>((resolve) => {
    const child = execFile(process.execPath, [CLI, ...args], options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, text: stdout + stderr }),
    );
  });
}

const isReadable = async () => (await redisText(stack.redisUrl)).includes(MARK);

interface Trace {
  payload: Record<string, unknown>;
  headers: Record<string, string>;
  query: Record<string, string>;
  events?: { payload: unknown }[];
  steps: { tool_calls: { result: unknown }[] }[];
}
const trace = async (id: string) => (await stack.request<Trace>('GET', `/api/tasks/${id}`)).body;

const ids: Record<'asks' | 'fails' | 'burst' | 'file' | 'cancelled', string> = {
  asks: '',
  fails: '',
  burst: '',
  file: '',
  cancelled: '',
};

test('from the webhook to the result, no text or file is readable in Redis', async () => {
  const tool = {
    type: 'http',
    name: 'ask',
    description: 'asks',
    method: 'GET',
    url: `${shop.url}/ask`,
    parameters: { type: 'object', properties: { q: { type: 'string' } } },
  };
  const make = async (more: object) => {
    const { id } = await stack.createAgent({ name: 'Sealed', sandbox_tools: true, ...more });
    return (await stack.mintWebhook(id)).token;
  };
  const asking = await make({
    tools: [
      { ...tool, approval: 'always' },
      { ...tool, name: 'look' },
    ],
    conversation: { key: 'one' },
  });
  const failing = await make({ limits: { max_attempts: 2 }, tools: [{ ...tool, name: 'look' }] });
  const bursting = await make({ burst: { key: 'all', window_seconds: 1, keep: 'all' } });
  const plain = await make({});
  const send = async (token: string, payload: object) => {
    const url = `${stack.url}/api/webhooks/agents/${token}?from=${MARK}`;
    return (await stack.trigger(url, payload, { 'x-kind': MARK })).body.task_id;
  };
  ids.asks = await send(asking, {
    text: MARK,
    sandbox: {
      steps: [
        { tool: { name: 'look', arguments: { q: MARK } } },
        { tool: { name: 'ask', arguments: { q: MARK } } },
      ],
      reply: `It is ${MARK}. ${'x'.repeat(20_000)}`,
    },
  });
  ids.fails = await send(failing, {
    text: MARK,
    sandbox: { steps: [{ tool: { name: 'look', arguments: { q: MARK } } }, { fail: 'rate_limit' }] },
  });
  ids.burst = await send(bursting, { n: 1, text: MARK });
  await send(bursting, { n: 2, text: MARK });
  ids.cancelled = await send(plain, { text: MARK, digits: 'x'.repeat(100_000) });
  const form = new FormData();
  form.append('text', MARK);
  form.append('file', new File([`${MARK} in a file`], 'a.txt'));
  const posted = await fetch(`${stack.url}/api/webhooks/agents/${plain}`, { method: 'POST', body: form });
  ids.file = ((await posted.json()) as { task_id: string }).task_id;
  expect(await isReadable()).toBe(false);
  await stack.request('POST', `/api/tasks/${ids.cancelled}/cancel`);
  expect(await isReadable()).toBe(false);

  await stack.startWorker();
  interface Asked {
    approvals: { task_id: string; call_id: string; arguments: unknown }[];
  }
  const asked = await until('a call waits', async () => {
    expect(await isReadable()).toBe(false);
    return (await stack.request<Asked>('GET', '/api/approvals')).body.approvals[0];
  });
  expect(asked).toMatchObject({ task_id: ids.asks, arguments: { q: MARK } });
  expect((await stack.status(ids.asks)).body.waiting_for).toMatchObject({ arguments: { q: MARK } });
  await stack.request('POST', `/api/tasks/${ids.asks}/approvals/${asked.call_id}`, {
    decision: 'approve',
  });
  const ended = async (id: string) => (await stack.status(id)).body.finished_at !== null;
  await until('all have ended', async () => {
    expect(await isReadable()).toBe(false);
    return (await Promise.all(Object.values(ids).map(ended))).every(Boolean);
  });
  expect(await isReadable()).toBe(false);
});

test('all of it is read through the api, searched, and run again', async () => {
  const asks = await trace(ids.asks);
  expect(asks).toMatchObject({
    payload: { text: MARK },
    headers: { 'x-kind': MARK },
    query: { from: MARK },
    steps: [
      { tool_calls: [{ result: { body: { found: MARK } } }] },
      { tool_calls: [{ result: { body: { found: MARK } } }] },
      {},
    ],
  });
  expect((await stack.status(ids.asks)).body.result.answer).toContain(MARK);
  expect(await trace(ids.burst)).toMatchObject({
    payload: { events: [{ n: 1 }, { n: 2 }] },
    events: [{ payload: { text: MARK } }, { payload: { text: MARK } }],
  });
  expect((await stack.status(ids.fails)).body).toMatchObject({ status: 'FAILURE', attempt: 2 });
  expect(await trace(ids.cancelled)).toMatchObject({ payload: { text: MARK } });
  const file = await stack.request('GET', `/api/tasks/${ids.file}/attachments/0`);
  expect(file.body).toBe(`${MARK} in a file`);
  const found = await stack.request<{ tasks: { task_id: string }[] }>('GET', `/api/tasks?text=${MARK}`);
  expect(found.body.tasks.map(({ task_id }) => task_id).sort()).toEqual(Object.values(ids).sort());
  const again = await stack.request<{ task_id: string }>('POST', `/api/tasks/${ids.file}/replay`, {});
  await stack.poll(again.body.task_id);
  expect(await trace(again.body.task_id)).toMatchObject({ payload: { text: MARK } });
  const copy = await stack.request('GET', `/api/tasks/${again.body.task_id}/attachments/0`);
  expect(copy.body).toBe(`${MARK} in a file`);
  expect(await isReadable()).toBe(false);
  const { body } = await stack.request('GET', '/api/readiness');
  expect(body).toMatchObject({ seals_at_rest: true, problems: expect.not.arrayContaining([differs]) });
});

test('processes that do not seal read what is sealed, and are named as different', async () => {
  const api = await stack.startApi({ SEAL_AT_REST: 'false' });
  const plain = apiClient(api.url, stack.adminKey);
  expect((await plain.request<Trace>('GET', `/api/tasks/${ids.asks}`)).body).toMatchObject({
    payload: { text: MARK },
  });
  const { body } = await plain.request('GET', '/api/readiness');
  expect(body).toMatchObject({ seals_at_rest: false, problems: expect.arrayContaining([differs]) });
  const { id } = await stack.createAgent({ name: 'Plain' });
  const { token } = await stack.mintWebhook(id);
  stack.workers[0]?.signal('SIGSTOP');
  const sent = await plain.trigger(token, { text: MARK });
  expect(await isReadable()).toBe(true);
  stack.workers[0]?.signal('SIGCONT');
  await stack.poll(sent.body.task_id);
  expect(await trace(sent.body.task_id)).toMatchObject({ payload: { text: MARK } });
  await api.stop();
});

test('a rotated key opens what the old one sealed, also after a restore; a lost key is said', async () => {
  const both = { SECRET_KEY: NEW_KEY, SECRET_KEY_PREVIOUS: stack.secretKey };
  const old = [...stack.apis, ...stack.workers];
  await stack.startApi(both);
  await stack.startWorker(both);
  await Promise.all(old.map((process) => process.stop()));
  const rotated = await run(['rotate-secret-key'], both);
  expect([rotated.code, rotated.text]).toEqual([0, expect.stringMatching(/Remove/)]);
  for (const process of [...stack.apis, ...stack.workers]) await process.stop();

  const alone = { SECRET_KEY: NEW_KEY };
  const file = join(folder, 'backup');
  expect((await run(['backup', file], alone)).code).toBe(0);
  const restored = await run(['restore', file], { ...alone, REDIS_URL: target.url });
  expect([restored.code, restored.text]).toEqual([0, expect.anything()]);
  for (const REDIS_URL of [stack.redisUrl, target.url]) {
    const api = await stack.startApi({ ...alone, REDIS_URL });
    const read = apiClient(api.url, stack.adminKey);
    expect((await read.request<Trace>('GET', `/api/tasks/${ids.asks}`)).body).toMatchObject({
      payload: { text: MARK },
    });
    const attached = await read.request('GET', `/api/tasks/${ids.file}/attachments/0`);
    expect(attached.body).toBe(`${MARK} in a file`);
    await api.stop();
  }

  const lost = { SECRET_KEY: 'a third key, as the second is lost' };
  const redis = new Redis(stack.redisUrl);
  await until('no process is live', async () => (await redis.scard('{agenthook}:processes')) === 0);
  redis.disconnect();
  const doctor = await run(['doctor', '--offline'], lost);
  expect(doctor.text).toMatch(/1 data key\(s\) cannot be opened with this SECRET_KEY/);
  const reset = await run(['reset-secrets', '--yes'], lost);
  expect([reset.code, reset.text]).toEqual([
    0,
    expect.stringMatching(/texts at rest from before a rotation \(data key [\w-]{8}\)/),
  ]);
  const api = await stack.startApi(lost);
  await stack.startWorker(lost);
  const client = apiClient(api.url, stack.adminKey);
  for (const path of ['', '/attachments/0', '/events']) {
    const { status, body } = await client.request('GET', `/api/tasks/${ids.file}${path}`);
    expect([path, status, body]).toEqual([path, 503, expect.objectContaining({ code: 'texts_sealed' })]);
  }
  expect(await client.status(ids.asks)).toMatchObject({ status: 503, body: { code: 'texts_sealed' } });
  const { body } = await client.request<{ tasks: object[] }>('GET', `/api/tasks?text=${MARK}`);
  expect(body.tasks).toEqual([]);
  expect((await client.taskIds()).length).toBeGreaterThan(Object.keys(ids).length);
  const agents = await client.request<{ agents: { id: string }[] }>('GET', '/api/agents');
  const { token } = await client.mintWebhook(agents.body.agents[0]?.id ?? '');
  const { task_id } = (await client.trigger(token, { text: 'new' })).body;
  expect((await client.poll(task_id)).status).toBe('SUCCESS');
});
