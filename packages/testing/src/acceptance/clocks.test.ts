import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type ManagedProcess, type Stack, shiftedClock, startStack, until } from '../index.js';

jest.setTimeout(120_000);

const DAY_MS = 86_400_000;
const echo = (reply: string) => ({ sandbox: { reply } });

let stack: Stack;
let token: string;
let worker: ManagedProcess;
beforeAll(async () => {
  stack = await startStack();
  token = (await stack.mintWebhook((await stack.createAgent({ name: 'a' })).id)).token;
  worker = stack.workers[0] as ManagedProcess;
});
afterAll(async () => stack?.stop());

/** Replaces the running worker by one whose clock is ahead by so many ms. */
async function shiftWorker(ms: number): Promise<void> {
  await worker.stop();
  worker = await stack.startWorker(shiftedClock(ms));
}

interface Ready {
  workers: number;
  clock_skew_seconds: number;
  problems: string[];
}
const readiness = () => stack.request<Ready>('GET', '/readyz');
const run = async (payload: unknown) => {
  const { task_id } = (await stack.trigger(token, payload)).body;
  return await stack.poll(task_id, { timeoutMs: 60_000 });
};
const isNow = (time: unknown) => Math.abs(Date.parse(String(time)) - Date.now()) < 60_000;

test('a worker whose clock is eight days ahead deletes no result, and is warned of', async () => {
  const early = await run(echo('early'));
  await shiftWorker(8 * DAY_MS);
  const late = await run(echo('late'));
  // The end of one task removes older results that have expired.
  const last = await run(echo('last'));
  for (const { task_id } of [early, late, last])
    expect((await stack.status(task_id)).body).toMatchObject({ status: 'SUCCESS' });
  expect(isNow(late.finished_at)).toBe(true);

  const { status, body } = await readiness();
  expect([status, body.workers]).toEqual([200, 1]);
  expect(Math.abs(body.clock_skew_seconds - (8 * DAY_MS) / 1000)).toBeLessThan(3);
  expect(body.problems).toContainEqual(
    "The clock of a worker is 8 days ahead of Redis's: run an NTP client on both machines.",
  );
  expect(worker.log()).toContain("this machine's clock is 8 days ahead of Redis's");
});

test('a worker whose clock is 20 s behind is alive and retries in time', async () => {
  await shiftWorker(-20_000);
  expect((await readiness()).status).toBe(200);
  const began = performance.now();
  const failsOnce = { sandbox: { steps: [{ fail: 'unavailable', fail_times: 1 }], reply: 'at last' } };
  expect(await run(failsOnce)).toMatchObject({ status: 'SUCCESS', attempt: 2 });
  expect(performance.now() - began).toBeLessThan(18_000);
});

test('a worker whose clock is five minutes ahead is gone soon after it dies', async () => {
  await shiftWorker(300_000);
  expect((await readiness()).status).toBe(200);
  worker.signal('SIGKILL');
  await worker.exited;
  await until('it counts as gone', async () => (await readiness()).body.workers === 0, { timeoutMs: 40_000 });
  expect((await readiness()).status).toBe(503);
  worker = await stack.startWorker();
});

test('the times of a task do not depend on the clock of the api', async () => {
  const api = await stack.startApi(shiftedClock(-3_600_000));
  const { body } = await stack.trigger(`${api.url}/api/webhooks/agents/${token}`, echo('here'));
  expect(isNow((await stack.poll(body.task_id)).created_at)).toBe(true);
  const ready = (await (await fetch(`${api.url}/readyz`)).json()) as Ready;
  expect(Math.round(ready.clock_skew_seconds / 60)).toBe(-60);
  expect(ready.problems.join()).toContain("The clock of an api is 60 minutes behind Redis's");
});
