import { afterEach, expect, test } from '@jest/globals';
import {
  type ApiProcess,
  childrenOf,
  type ManagedProcess,
  type ModelServer,
  type Stack,
  startOpenAiServer,
  startStack,
  until,
} from '../index.js';

/** Short locks: this tests which task is blamed, not how soon a death is noticed. */
const LOCK = { TASK_LOCK_SECONDS: '2' };
const SIBLINGS = 20;
const PATIENT = { timeoutMs: 120_000 };

let stack: Stack;
let model: ModelServer;

async function start(workers: number): Promise<void> {
  model = await startOpenAiServer();
  stack = await startStack({ workers, env: { ...LOCK, OPENAI_BASE_URL: model.url } });
}
afterEach(async () => {
  await stack?.stop();
  await model?.close();
});

const alive = (all: readonly (ManagedProcess | ApiProcess)[]) => all.filter(({ exit }) => !exit());
/** The processes that run this task, or any task, alone. */
const alone = (taskId = '') =>
  alive(stack.workers).flatMap(({ pid }) => childrenOf(pid, `alone.js ${taskId}`));

/** Waits until the model has been called this many times. */
const asked = (times: number) => until(`turn ${times}`, () => model.requests.length === times, PATIENT);

/** Makes the model hang this many times. */
const hangs = (times: number) =>
  model.respond(...Array.from({ length: times }, () => ({ hang: true as const })));

/** Kills all workers, as a task that takes down its worker would, and starts others. */
async function killWorkers(): Promise<void> {
  const doomed = alive(stack.workers);
  for (const worker of doomed) worker.signal('SIGKILL');
  await Promise.all(doomed.map(({ exited }) => exited));
  await Promise.all(doomed.map(() => stack.startWorker()));
}

/** Sends an event until it is accepted, as a sender does. Returns the task's id. */
const send = (token: string, payload: unknown): Promise<string> =>
  until('the event is accepted', async () => {
    const { status, body } = await stack.trigger(token, payload);
    return status === 200 && body.task_id;
  });

async function webhookOf(agent: Record<string, unknown>): Promise<string> {
  const { id } = await stack.createAgent({ name: 'a', ...agent });
  return (await stack.mintWebhook(id)).token;
}

test('a task that kills two workers, and then its own process twice, ends worker_lost, and no other task ends with it', async () => {
  await start(2);
  hangs(4);
  const poison = await webhookOf({ model: 'compatible:test-model' });
  const innocent = await webhookOf({ limits: { max_steps: 20 } });
  const steps = Array.from({ length: 12 }, () => ({ latency_ms: 400 }));
  const siblings: string[] = [];
  for (let n = 0; n < SIBLINGS; n++)
    siblings.push(await send(innocent, { sandbox: { steps, reply: 'done' } }));
  const killer = await send(poison, { question: 'What kills you?' });
  for (const death of [1, 2]) {
    await asked(death);
    expect(alone(killer)).toEqual([]);
    await killWorkers();
  }
  const workers = alive(stack.workers);
  for (const death of [3, 4]) {
    await asked(death);
    const [pid, ...more] = alone(killer);
    expect(more).toEqual([]);
    expect((await stack.status(killer)).body.status).toBe('STARTED');
    process.kill(pid as number, 'SIGKILL');
  }

  const lost = await stack.poll(killer, PATIENT);
  expect(lost).toMatchObject({
    status: 'FAILURE',
    result: { error: { code: 'worker_lost' }, tool_calls: [] },
  });
  expect(model.requests).toHaveLength(4);
  for (const sibling of siblings) {
    const task = await stack.poll(sibling, PATIENT);
    expect(task).toMatchObject({ status: 'SUCCESS', attempt: 1, result: { answer: 'done' } });
  }
  // They survived it.
  expect(alive(stack.workers)).toEqual(workers);
  await until('no process is left', () => alone().length === 0, PATIENT);
}, 300_000);

test('a task whose workers are repeatedly killed from outside ends with its answer', async () => {
  await start(1);
  const token = await webhookOf({ model: 'compatible:test-model' });
  hangs(4);
  const taskId = await send(token, { question: 'Again?' });
  for (const death of [1, 2, 3, 4]) {
    await asked(death);
    // From the third time on it runs alone. If its process dies together with the worker, that does not count
    // against it.
    expect(alone()).toHaveLength(death > 2 ? 1 : 0);
    await killWorkers();
  }
  model.respond({ text: 'at last' });
  const task = await stack.poll(taskId, PATIENT);
  expect(task).toMatchObject({ status: 'SUCCESS', attempt: 1, result: { answer: 'at last' } });
  expect(model.requests).toHaveLength(5);
}, 300_000);

test('a task that runs alone is cancelled, and is handed back when its worker stops', async () => {
  await start(1);
  const token = await webhookOf({ model: 'compatible:test-model' });
  hangs(6);
  const [first, second] = [await send(token, { n: 1 }), await send(token, { n: 2 })];
  for (const times of [2, 4]) {
    await asked(times);
    await killWorkers();
  }
  await asked(6);
  await until('both run alone', () => alone().length === 2, PATIENT);
  await stack.request('POST', `/api/tasks/${first}/cancel`);
  const cancelled = await stack.poll(first, PATIENT);
  expect(cancelled).toMatchObject({ status: 'FAILURE', result: { error: { code: 'cancelled' } } });

  model.respond({ text: 'after the restart' });
  const [worker] = alive(stack.workers);
  expect(await worker?.stop('SIGHUP')).toEqual({ code: 0, signal: null });
  await stack.startWorker();
  expect(await stack.poll(second, PATIENT)).toMatchObject({
    status: 'SUCCESS',
    result: { answer: 'after the restart' },
  });
}, 300_000);
