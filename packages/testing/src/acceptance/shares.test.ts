import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type Stack, startStack, until } from '../index.js';

jest.setTimeout(120_000);

const SLOTS = 8;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: { WORKER_CONCURRENCY: String(SLOTS) } });
});
afterAll(async () => stack?.stop());

const long = { sandbox: { steps: [{ latency_ms: 25_000 }], reply: 'done' } };
const short = { sandbox: { reply: 'done' } };

async function agent() {
  const { id } = await stack.createAgent({ name: 'a' });
  const { token } = await stack.mintWebhook(id);
  const send = async (payload: object) => (await stack.trigger(token, payload)).body.task_id;
  return { id, send };
}
const withStatus = async (ids: string[], status: string) => {
  const states = await Promise.all(ids.map((id) => stack.status(id)));
  return ids.filter((_, n) => states[n]?.body.status === status);
};
const running = async (ids: string[]) => (await withStatus(ids, 'STARTED')).length;

test('busy agents with long runs do not keep a quiet one waiting, and keep the slots that one may have', async () => {
  const [hot, other, quiet] = [await agent(), await agent(), await agent()];
  const hotIds = await Promise.all(Array.from({ length: 3 * SLOTS }, () => hot.send(long)));
  await until('one agent has all slots of its own', async () => (await running(hotIds)) === SLOTS);
  const otherIds = await Promise.all(Array.from({ length: SLOTS }, () => other.send(long)));
  for (let n = 0; n < 5; n++) {
    const began = performance.now();
    expect(await stack.poll(await quiet.send(short), { timeoutMs: 15_000 })).toMatchObject({
      status: 'SUCCESS',
    });
    expect(performance.now() - began).toBeLessThan(8_000);
  }
  expect(await running(otherIds)).toBeGreaterThan(0);
  // What waits for its share is waiting to start, and can be cancelled.
  const [first, ...waiting] = await withStatus(hotIds, 'PENDING');
  expect((await stack.request('POST', `/api/tasks/${first}/cancel`)).status).toBe(200);
  for (const id of await withStatus(hotIds, 'STARTED'))
    await stack.request('POST', `/api/tasks/${id}/cancel`);
  await until('the next ones run', async () => (await running(waiting)) >= 2, { timeoutMs: 20_000 });
  for (const id of [...hotIds, ...otherIds]) await stack.request('POST', `/api/tasks/${id}/cancel`);
});
