import type { AddressInfo } from 'node:net';
import { readEvents, until } from '@agenthook/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ADMIN_KEY, testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;
let base: string;
let token: string;
const withKey = { authorization: `Bearer ${ADMIN_KEY}` };
const NO_TASK = '00000000-0000-8000-8000-000000000000';

beforeAll(async () => {
  env = await testApp();
  await env.app.listen({ port: 0, host: '127.0.0.1' });
  base = `http://127.0.0.1:${(env.app.server.address() as AddressInfo).port}`;
  const { id } = (await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'a' } })).json();
  token = (await env.admin({ method: 'POST', url: `/api/agents/${id}/webhook` })).json().token;
});
afterAll(() => env?.close());

/** A task that no worker takes. */
async function trigger(): Promise<string> {
  const fired = await env.app.inject({
    method: 'POST',
    url: `/api/webhooks/agents/${token}`,
    payload: { question: 'hi' },
  });
  return fired.json().task_id;
}
const cancel = (id: string) => env.admin({ method: 'POST', url: `/api/tasks/${id}/cancel` });
const open = (id: string, headers = {}, query = '') =>
  readEvents(`${base}/api/tasks/${id}/events${query}`, headers);

test('a stream reports the state and the end, and forbids caching, buffering and origin limits', async () => {
  const id = await trigger();
  const reader = await open(id);
  expect([reader.status, reader.headers]).toMatchObject([
    200,
    {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'access-control-allow-origin': '*',
    },
  ]);
  await reader.has('status');
  await cancel(id);
  expect(await reader.ended).toBe('end');
  expect(reader.text()).toMatch(/^retry: 2000\n\nid: /);
  const [status, finished, ...more] = reader.events();
  expect(more).toEqual([]);
  expect(status?.data).toMatchObject({ task_id: id, status: 'PENDING' });
  expect(status?.data).not.toHaveProperty('result');
  const polled = await env.app.inject(`/api/task_status?task_id=${id}`);
  expect(finished).toMatchObject({ event: 'finished', data: polled.json() });
});

test('a late reader gets the end at once; a reader who has seen it gets nothing more', async () => {
  const id = await trigger();
  await cancel(id);
  const late = await open(id);
  expect(await late.ended).toBe('end');
  expect(late.events().map(({ event }) => event)).toEqual(['finished']);
  const last = late.events()[0]?.id ?? '';
  for (const again of [
    await open(id, { 'last-event-id': last }),
    await open(id, {}, `?last_event_id=${last}`),
    await open(id, { ...withKey, 'last-event-id': last }, '?last_event_id=0-0.0.1'),
  ]) {
    expect([again.status, again.text()]).toEqual([204, '']);
  }
  // A client that has seen nothing sends an empty header.
  expect((await open(id, { 'last-event-id': '' }, `?last_event_id=${last}`)).status).toBe(204);
  expect((await open(id, { 'last-event-id': '' })).status).toBe(200);
});

test('what cannot be followed is refused before a stream begins', async () => {
  const id = await trigger();
  const refused = async (taskId: string, headers = {}, query = '') => {
    const reader = await open(taskId, headers, query);
    await reader.ended;
    expect(reader.headers['content-type']).toContain('application/problem+json');
    return [reader.status, JSON.parse(reader.text()).code];
  };
  for (const unknown of [NO_TASK, 'meta', 'wait', `${id}x`, '..%2f..%2fagents'])
    expect([unknown, await refused(unknown)]).toEqual([unknown, [404, 'unknown_task']]);
  for (const bad of ['$', '5', '1-1', '99999999999999999999-0.0.0', '1-1.0.0;', 'x'.repeat(5_000)]) {
    expect([bad, await refused(id, { 'last-event-id': bad })]).toEqual([bad, [400, 'invalid_request']]);
    const query = `?last_event_id=${encodeURIComponent(bad)}`;
    expect([bad, await refused(id, {}, query)]).toEqual([bad, [400, 'invalid_request']]);
  }
  for (const authorization of ['Bearer wrong', 'Bearer ', 'Basic abc', ADMIN_KEY])
    expect([authorization, await refused(id, { authorization })]).toEqual([
      authorization,
      [401, 'unauthorized'],
    ]);
  expect((await fetch(`${base}/api/tasks/${id}/events`, { method: 'HEAD' })).status).toBe(405);
});

test('five hundred readers come and go without leaving anything behind', async () => {
  const ids = await Promise.all(Array.from({ length: 10 }, trigger));
  const { redis } = env.ctx;
  // Other suites use other databases of the same Redis.
  const ours = ` db=${redis.options.db} `;
  const clients = async () =>
    ((await redis.client('LIST')) as string).split('\n').filter((line) => line.includes(ours));
  const connections = () =>
    new Promise<number>((resolve) => env.app.server.getConnections((_error, count) => resolve(count)));
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const first = await open(ids[0] as string);
  await first.has('status');
  const before = await clients();
  first.close();
  await until('it has left', async () => (await connections()) === 0);
  const timersBefore = timers();

  const readers = await Promise.all(
    Array.from({ length: 500 }, (_, n) => open(ids[n % 10] as string, n % 2 ? withKey : {})),
  );
  await Promise.all(readers.map((reader) => reader.has('status')));
  expect(await connections()).toBe(500);
  expect(await clients()).toHaveLength(before.length);
  for (const [n, reader] of readers.entries()) reader.close(n % 3 === 0);
  await until('all have left', async () => (await connections()) === 0);
  await until('their timers have gone', () => timers() <= timersBefore);
  // The one listening connection subscribes only while someone follows a task.
  await until('no subscription is left', async () =>
    (await clients()).every((line) => !/ flags=\w*b/.test(line)),
  );
  expect(await clients()).toHaveLength(before.length);
}, 60_000);

test('a stop ends the streams', async () => {
  const reader = await open(await trigger());
  await reader.has('status');
  const closing = env.app.close();
  expect(await reader.ended).toBe('end');
  await closing;
});
