import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, jest, test } from '@jest/globals';
import {
  freePort,
  HANGABLE,
  hang,
  type ManagedProcess,
  type Stack,
  type StackOptions,
  startRedisServer,
  startStack,
  until,
} from '../index.js';

jest.setTimeout(150_000);
const PATIENT = { timeoutMs: 90_000 };
const slow = (latency_ms: number) => ({ sandbox: { steps: [{ latency_ms }], reply: 'done' } });

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanUps.splice(0)) await clean();
});

async function start(options: StackOptions): Promise<{ stack: Stack; token: string }> {
  const stack = await startStack(options);
  cleanUps.push(stack.stop);
  const { token } = await stack.mintWebhook((await stack.createAgent({ name: 'a' })).id);
  return { stack, token };
}

/** The line that a process's watchdog has logged. */
function lineOf(process: ManagedProcess) {
  const line = process
    .log()
    .split('\n')
    .find((text) => text.includes('stood still'));
  return JSON.parse(line ?? 'null') as { name: string; level: number; last_steps: string[] } | null;
}

test('a worker whose event loop hangs is ended and names the step, and its task continues elsewhere', async () => {
  const { stack, token } = await start({ workers: 0, env: { TASK_LOCK_SECONDS: '2' } });
  const worker = await stack.startWorker({ ...HANGABLE, WATCHDOG_MS: '600' });
  const { task_id } = (await stack.trigger(token, slow(2_500))).body;
  await until('it runs', async () => (await stack.status(task_id)).body.status === 'STARTED');
  await hang(worker);
  expect(await worker.exited).toEqual({ code: null, signal: 'SIGKILL' });
  const line = lineOf(worker);
  expect(line).toMatchObject({ name: 'worker', level: 60, pid: worker.pid });
  expect(line?.last_steps[0]).toMatch(new RegExp(`^${task_id} (render prompt|open tools|model turn)$`));
  await stack.startWorker();
  expect(await stack.poll(task_id, PATIENT)).toMatchObject({ status: 'SUCCESS', attempt: 1 });
});

test('an api whose event loop hangs is ended and names its last request', async () => {
  const { stack, token } = await start({ workers: 0 });
  const api = await stack.startApi({ ...HANGABLE, WATCHDOG_MS: '600' });
  await stack.trigger(`${api.url}/api/webhooks/agents/${token}`, { hello: 'world' });
  await hang(api);
  expect(await api.exited).toEqual({ code: null, signal: 'SIGKILL' });
  expect(lineOf(api)).toMatchObject({
    name: 'api',
    last_steps: expect.arrayContaining([expect.stringMatching(/POST \/api\/webhooks\/agents\/:token$/)]),
  });
  expect(JSON.stringify(lineOf(api))).not.toContain(token);
});

test('a worker that was frozen as a whole, for longer than its loop may hang, continues', async () => {
  const { stack, token } = await start({ env: { WATCHDOG_MS: '2000' } });
  const [worker] = stack.workers as [ManagedProcess];
  worker.signal('SIGSTOP');
  await sleep(6_000);
  worker.signal('SIGCONT');
  const { task_id } = (await stack.trigger(token, slow(1_000))).body;
  expect(await stack.poll(task_id, PATIENT)).toMatchObject({ status: 'SUCCESS' });
  expect([worker.exit(), lineOf(worker)]).toEqual([undefined, null]);
});

test('a worker answers health checks while Redis is down, and does not while its event loop hangs', async () => {
  const redis = await startRedisServer();
  cleanUps.push(() => redis.stop('SIGKILL'));
  const port = await freePort();
  const { stack } = await start({ redisUrl: redis.url, workers: 0 });
  const env = { ...HANGABLE, WORKER_HEALTH_PORT: String(port), WATCHDOG_MS: '0' };
  const worker = await stack.startWorker(env);
  const check = async (path = '/healthz') =>
    (await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(3_000) })).status;
  expect(await check()).toBe(200);
  expect(await check('/')).toBe(404);

  await redis.down('SIGKILL');
  expect(await check()).toBe(200);
  await redis.restart();
  expect(await check()).toBe(200);

  await hang(worker);
  await until(
    'no answer',
    () =>
      check().then(
        () => false,
        () => true,
      ),
    PATIENT,
  );
  worker.signal('SIGKILL');
});

test('sixty payloads of a megabyte end SUCCESS on a worker with a small heap', async () => {
  const redis = await startRedisServer();
  cleanUps.push(() => redis.stop('SIGKILL'));
  const { stack } = await start({ redisUrl: redis.url, workers: 0 });
  const agent = await stack.createAgent({ name: 'Large', input_template: '{{ payload.text }}' });
  const { token } = await stack.mintWebhook(agent.id);
  const body = JSON.stringify({ text: 'x'.repeat(2 ** 20 - 1_000), ...slow(300) });
  const ids: string[] = [];
  for (let n = 0; n < 60; n++) ids.push((await stack.trigger(token, body)).body.task_id);
  const worker = await stack.startWorker({ NODE_OPTIONS: '--max-old-space-size=160' });
  for (const id of ids) {
    const ended = async () => worker.exit() ?? (await stack.status(id)).body.finished_at !== null;
    await until(`${id} ends`, ended, { timeoutMs: 120_000, everyMs: 100 });
    expect((await stack.status(id)).body).toMatchObject({ status: 'SUCCESS', attempt: 1 });
  }
  expect([worker.exit(), worker.log()]).toEqual([undefined, expect.not.stringContaining('its worker died')]);
});

test.each([
  ['WATCHDOG_MS', { WATCHDOG_MS: '4500' }, /WATCHDOG_MS must be below half of TASK_LOCK_SECONDS, 4500 ms/],
  ['TASK_LOCK_SECONDS', { TASK_LOCK_SECONDS: '1' }, /TASK_LOCK_SECONDS must be a whole number from 2 to 300/],
])('a worker refuses to start with an invalid %s', async (_name, env, words) => {
  const { stack } = await start({ workers: 0 });
  await expect(stack.startWorker(env)).rejects.toThrow('a process ended instead');
  expect(stack.workers[0]?.exit()).toEqual({ code: 1, signal: null });
  expect(stack.workers[0]?.log()).toMatch(words);
});
