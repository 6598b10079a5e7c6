import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { type S3Server, type Stack, startHttpServer, startS3Server, startStack, until } from '../index.js';

/** Files of events in an S3-compatible store. */

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const PNG = Buffer.from('\x89PNG\r\n\x1a\n\0 and more', 'latin1');
let store: S3Server;
let stack: Stack;

beforeAll(async () => {
  store = await startS3Server(KEYS);
  stack = await startStack({
    env: {
      BLOB_STORE_URL: `${store.url}/a prefix`.replace(' ', '%20'),
      BLOB_STORE_REGION: 'eu-west-3',
      BLOB_STORE_ACCESS_KEY_ID: KEYS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
      EGRESS_ALLOW: '127.0.0.1',
    },
  });
});
beforeEach(() => {
  store.fail(undefined);
  store.objects.clear();
});
afterAll(async () => {
  await stack?.stop();
  await store?.close();
});

async function hookOf(config: object = {}): Promise<string> {
  const { id } = await stack.createAgent({ name: 'Reader', ...config });
  return `${stack.url}/api/webhooks/agents/${(await stack.mintWebhook(id)).token}`;
}
async function post(url: string, headers: Record<string, string> = {}, fields: Record<string, string> = {}) {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  data.append('f', new File([PNG], 'a.png', { type: 'image/png' }));
  data.append('f', new File(['text'], 'b.txt', { type: 'text/plain' }));
  const answer = await fetch(url, { method: 'POST', body: data, headers });
  return { status: answer.status, body: (await answer.json()) as { task_id: string; code?: string } };
}
async function run(url: string, fields?: Record<string, string>): Promise<string> {
  const { status, body } = await post(url, {}, fields);
  expect(status).toBe(200);
  expect(await stack.poll(body.task_id)).toMatchObject({ status: 'SUCCESS' });
  return body.task_id;
}
const read = (task: string, index: number) =>
  fetch(`${stack.url}/api/tasks/${task}/attachments/${index}`, {
    headers: { authorization: `Bearer ${stack.adminKey}` },
  });
const bytes = async (task: string, index: number) =>
  Buffer.from(await (await read(task, index)).arrayBuffer());
const namesOf = (task: string) =>
  [...store.objects.keys()].filter((key) => key.startsWith(`a prefix/${task}/`));

test('files are stored there, read from there, and removed with their task', async () => {
  const files = await startHttpServer((_request, response) => void response.end('fetched'));
  const hook = await hookOf({ input_template: '{{ payload.url | attach }}' });
  const task = await run(hook, { url: `${files.url}/c.txt` });
  await files.close();
  expect(namesOf(task)).toHaveLength(3);
  const { body } = await stack.request('GET', `/api/tasks/${task}`);
  expect(body.attachments).toEqual([
    { filename: 'a.png', media_type: 'image/png', bytes: PNG.length },
    { filename: 'b.txt', media_type: 'text/plain', bytes: 4 },
    expect.objectContaining({ filename: 'c.txt', url: expect.any(String) }),
  ]);
  const redis = new Redis(stack.redisUrl);
  expect(await redis.keys(`*${task}:logs`)).toEqual([]);
  await redis.quit();

  const replay = await stack.request<{ task_id: string }>('POST', `/api/tasks/${task}/replay`, {});
  await stack.poll(replay.body.task_id);
  await stack.request('DELETE', `/api/tasks/${task}`);
  expect(namesOf(task)).toEqual([]);
  expect((await read(task, 0)).status).toBe(404);
  expect(await bytes(replay.body.task_id, 0)).toEqual(PNG);
  expect(`${await bytes(replay.body.task_id, 2)}`).toBe('fetched');
});

test('a request that makes no task leaves no files', async () => {
  const hook = await hookOf();
  const first = await post(hook, { 'idempotency-key': 'once' });
  const again = await post(hook, { 'idempotency-key': 'once' });
  // Each form has a boundary of its own, so it is another body.
  expect(again).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  await until('the files of the second are gone', async () => store.objects.size <= 3);
  expect(namesOf(first.body.task_id)).toHaveLength(2);
});

test('while the store fails, events with files are refused, and others run', async () => {
  const hook = await hookOf();
  store.fail(503);
  expect(await post(hook)).toMatchObject({ status: 503, body: { code: 'attachments_unavailable' } });
  const plain = await fetch(hook, { method: 'POST', body: '{}' });
  expect(plain.status).toBe(200);
  await until(
    '/readyz says so',
    async () => {
      const { body } = await stack.request('GET', '/api/readiness');
      return body.ready === true && JSON.stringify(body.problems).includes('BLOB_STORE_URL');
    },
    { timeoutMs: 30_000, everyMs: 500 },
  );
  store.fail(undefined);
  await run(hook);
});

test('a run that cannot read its files is tried again', async () => {
  const hook = await hookOf({ limits: { max_attempts: 3 } });
  store.fail(500, { method: 'GET' });
  const { body } = await post(hook);
  await until('the first attempt has failed', async () => {
    const state = await stack.request('GET', `/api/task_status?task_id=${body.task_id}`);
    return JSON.stringify(state.body.last_error ?? null).includes('store of files');
  });
  store.fail(undefined);
  expect(await stack.poll(body.task_id)).toMatchObject({ status: 'SUCCESS' });
});

test('a file that has changed in the store is not passed on', async () => {
  const task = await run(await hookOf());
  // They are stored at once, in any order.
  const name = namesOf(task).find((each) => each.endsWith('/0')) ?? '';
  store.objects.set(name, Buffer.from('another'));
  expect((await read(task, 0)).status).toBe(503);
  store.objects.delete(name);
  expect((await read(task, 0)).status).toBe(503);
  expect(`${await bytes(task, 1)}`).toBe('text');
});
