import { type S3Server, startS3Server } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createBlobStore } from './blob-store.js';

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a/secret+key' };
let server: S3Server;
const storeOf = (more: object = {}) =>
  createBlobStore({ url: `${server.url}/one%20&%20two/`, region: 'eu-west-3', ...KEYS, ...more });

beforeAll(async () => {
  server = await startS3Server(KEYS);
});
beforeEach(() => {
  server.objects.clear();
  server.fail(undefined);
});
afterAll(() => server?.close());

test('files come back as they were, and are removed by the beginning of their names', async () => {
  const store = storeOf();
  const files = { 't-1/0': Buffer.alloc(0), 't-1/1': Buffer.alloc(3_000_000, 7), 't-10/0': Buffer.from('x') };
  for (const [name, content] of Object.entries(files)) await store.put(name, content);
  expect([...server.objects.keys()]).toEqual(Object.keys(files).map((name) => `one & two/${name}`));
  for (const [name, content] of Object.entries(files))
    expect((await store.get(name, content.length)).equals(content)).toBe(true);
  await store.removeAll('t-1/');
  await store.removeAll('t-1/');
  expect([...server.objects.keys()]).toEqual(['one & two/t-10/0']);
  expect(await store.problem()).toBeUndefined();
});

test('a file that is missing, or has another size, is no file', async () => {
  await storeOf().put('t/0', Buffer.from('12345'));
  await expect(storeOf().get('t/0', 4)).rejects.toThrow('5 bytes, not 4');
  await expect(storeOf().get('t/1', 4)).rejects.toThrow('404 NoSuchKey');
});

test.each([
  ['another secret', { secretAccessKey: 'other' }, '403 SignatureDoesNotMatch'],
  ['another key', { accessKeyId: 'OTHER' }, '403 InvalidAccessKeyId'],
  ['another bucket', { url: 'BUCKET' }, '404 NoSuchBucket'],
  ['nobody there', { url: 'http://127.0.0.1:9/files' }, 'cannot be reached'],
])('%s: the store takes nothing, and says why', async (_name, more, reason) => {
  const url = 'url' in more ? more.url.replace('BUCKET', server.url.replace('files', 'others')) : undefined;
  const store = storeOf({ ...more, ...(url && { url }) });
  await expect(store.put('t/0', Buffer.from('x'))).rejects.toThrow(reason);
  expect(await store.problem()).toContain(reason);
  expect(server.objects.size).toBe(0);
});

test('a passing failure of the store is tried again', async () => {
  server.fail(503, { times: 1 });
  await storeOf().put('t/0', Buffer.from('x'));
  expect(`${server.objects.get('one & two/t/0')}`).toBe('x');
  server.fail(503);
  await expect(storeOf().put('t/1', Buffer.from('x'))).rejects.toThrow('503 SlowDown');
});
