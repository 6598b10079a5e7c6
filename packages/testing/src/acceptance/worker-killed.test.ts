import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import {
  type ManagedProcess,
  type ModelServer,
  type Stack,
  startOpenAiServer,
  startStack,
  type TaskBody,
  until,
} from '../index.js';

const STATUSES = ['PENDING', 'STARTED', 'SUCCESS', 'FAILURE'];

let stack: Stack | undefined;
let model: ModelServer | undefined;

afterEach(async () => {
  await stack?.stop();
  await model?.close();
  stack = model = undefined;
});

/**
 * Two workers, the first in the middle of a task. Its model is a server, so each run is visible from outside.
 */
async function runOnFirstOfTwo(): Promise<{ env: Stack; runs: ModelServer['requests']; taskId: string }> {
  const provider = await startOpenAiServer();
  model = provider;
  const env = await startStack({ env: { OPENAI_BASE_URL: provider.url } });
  stack = env;
  const { token } = await env.mintWebhook(
    (await env.createAgent({ name: 'Slow', model: 'compatible:test-model' })).id,
  );
  provider.respond({ hang: true }, { delay_ms: 500, text: 'second run' });
  const { body } = await env.trigger(token, { question: 'Does this survive?' });
  await until('the first worker runs it', () => provider.requests.length === 1);
  await env.startWorker();
  return { env, runs: provider.requests, taskId: body.task_id };
}

/** Polls until the task ends. Returns its end and every status on the way, without repeats. */
async function watch(env: Stack, taskId: string): Promise<{ task: TaskBody; seen: string[] }> {
  const seen: string[] = [];
  for (const deadline = Date.now() + 40_000; Date.now() < deadline; await sleep(20)) {
    const { body } = await env.status(taskId);
    if (seen.at(-1) !== body.status) seen.push(body.status);
    if (body.finished_at !== null) return { task: body, seen };
  }
  throw new Error(`the task has not ended; seen: ${seen}`);
}

async function expectHandedOver(end: (worker: ManagedProcess) => unknown): Promise<number> {
  const { env, runs, taskId } = await runOnFirstOfTwo();
  const watching = watch(env, taskId);
  const ended = Date.now();
  await end(env.workers[0] as ManagedProcess);
  const { task, seen } = await watching;
  expect(task).toMatchObject({ status: 'SUCCESS', attempt: 1, result: { answer: 'second run' } });
  expect(seen).toEqual(seen.toSorted((a, b) => STATUSES.indexOf(a) - STATUSES.indexOf(b)));
  expect(runs).toHaveLength(2);
  return (runs[1]?.at ?? Number.NaN) - ended;
}

test('a task whose worker is killed runs on another one', async () => {
  const ms = await expectHandedOver((worker) => worker.signal('SIGKILL'));
  console.log(`SIGKILL: the task ran elsewhere after ${ms} ms`);
});

test('a worker that is told to stop hands its task to another one', async () => {
  const ms = await expectHandedOver(async (worker) => {
    expect(await worker.stop('SIGTERM')).toEqual({ code: 0, signal: null });
  });
  console.log(`SIGTERM: the task ran elsewhere after ${ms} ms`);
  // Not only once the stopped worker's lock has expired.
  expect(ms).toBeLessThan(20_000);
});
