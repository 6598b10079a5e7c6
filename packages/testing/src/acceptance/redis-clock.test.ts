import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import {
  makeSetClock,
  type RedisServer,
  type SetClock,
  type Stack,
  startRedisServer,
  startStack,
  until,
  withSetClock,
} from '../index.js';

jest.setTimeout(120_000);

const HOURS_MS = 2 * 3_600_000;
const PATIENT = { timeoutMs: 40_000 };

let clock: SetClock;
let server: RedisServer;
let stack: Stack;
beforeAll(async () => {
  clock = makeSetClock();
  server = await startRedisServer({ aof: true, env: clock.env });
  stack = await startStack({ redisUrl: server.url });
});
afterAll(async () => {
  await stack?.stop();
  await server?.stop();
  clock?.remove();
});

const takes = (latency_ms: number) => ({ sandbox: { steps: [{ text: 'busy', latency_ms }], reply: 'done' } });
const isSet = () => until('a process sees it', () => /clock was set back/.test(stack.logs()), PATIENT);

withSetClock(test)('after Redis’s clock was set back, nothing waits longer', async () => {
  const agent = async (input: object) =>
    (await stack.mintWebhook((await stack.createAgent({ name: 'a', ...input })).id)).token;
  const plain = await agent({});
  const rated = await agent({ limits: { rate_per_minute: 1 } });
  const burst = await agent({ burst: { key: 'all', window_seconds: 12, max_wait_seconds: 12 } });
  const ticking = await stack.createAgent({ name: 't', schedules: [{ id: 's', every_seconds: 10 }] });
  const post = async (token: string, body: unknown = {}) => (await stack.trigger(token, body)).body.task_id;
  const runs = async () => (await stack.taskIds(ticking.id)).length;
  await until('the schedule runs', async () => (await runs()) > 0, PATIENT);

  const [slow, joined] = [await post(plain, takes(20_000)), await post(burst)];
  await post(rated);
  const ran = await runs();
  clock.set(-HOURS_MS);
  await isSet();

  expect((await stack.trigger(rated, {})).status).toBe(200);
  expect(await stack.poll(joined, PATIENT)).toMatchObject({ status: 'SUCCESS' });
  // The worker keeps its lock: the run is not repeated.
  expect(await stack.poll(slow, PATIENT)).toMatchObject({ status: 'SUCCESS', attempt: 1 });
  await until('the schedule runs again', async () => (await runs()) > ran, PATIENT);
});

withSetClock(test)('a worker that dies as the clock is set back leaves its task to another', async () => {
  const { token } = await stack.mintWebhook((await stack.createAgent({ name: 'b' })).id);
  const { task_id } = (await stack.trigger(token, takes(6_000))).body;
  await until('it runs', async () => (await stack.status(task_id)).body.status === 'STARTED');
  const [worker] = stack.workers;
  worker?.signal('SIGKILL');
  await worker?.exited;
  clock.set(-2 * HOURS_MS);
  await stack.startWorker();
  expect(await stack.poll(task_id, PATIENT)).toMatchObject({ status: 'SUCCESS' });
});
