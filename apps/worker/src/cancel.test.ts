import type { RunAgent, TaskState } from '@agenthook/contracts';
import { cancelTask, createAgent, mintWebhook, taskStatus, trigger } from '@agenthook/core';
import { postOf } from '@agenthook/testing';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { openTestContext, runAgentWithoutTools } from '../test/context.js';
import type { RunningWorker } from './run-workers.js';
import { buildWorker } from './task-worker.js';

const sandbox = runAgentWithoutTools();
let opened: Awaited<ReturnType<typeof openTestContext>>;
let worker: RunningWorker | undefined;
let token: string;
/** The tasks that an agent ran for, one entry per run. */
const runs: string[] = [];
const counted: RunAgent = (input) => {
  runs.push(input.task.id);
  return sandbox(input);
};

beforeAll(async () => {
  opened = await openTestContext();
  const { id } = await createAgent(opened.ctx, { name: 'a', sandbox_tools: true }, 'sandbox:echo');
  ({ token } = await mintWebhook(opened.ctx, id, 0));
});
afterEach(async () => {
  await worker?.stop(5_000);
  worker = undefined;
});
afterAll(() => opened?.close(1_000));

async function fire(payload: unknown): Promise<string> {
  const body = Buffer.from(JSON.stringify(payload));
  const outcome = await trigger(opened.ctx, { token, ...postOf(body) });
  if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
  return outcome.task_id;
}

async function until(taskId: string, good: (state: TaskState) => boolean): Promise<TaskState> {
  for (const end = Date.now() + 10_000; Date.now() < end; ) {
    const state = await taskStatus(opened.ctx, taskId);
    if (state && good(state)) return state;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`task ${taskId} did not get there`);
}
const isCancelled = { status: 'FAILURE', result: { error: { code: 'cancelled' } } };

test('a running task is stopped, and the caller learns so at once', async () => {
  worker = buildWorker(opened.ctx, counted, 10);
  const id = await fire({
    sandbox: {
      steps: [{ text: 'Half of it.', tool: { name: 'no', arguments: {} } }, { latency_ms: 60_000 }],
    },
  });
  await until(id, (state) => state.status === 'STARTED');
  await new Promise((resolve) => setTimeout(resolve, 200));
  const state = await cancelTask(opened.ctx, id);
  expect(state).toMatchObject({
    ...isCancelled,
    attempt: 1,
    result: {
      answer: 'Half of it.',
      tool_calls: [{ name: 'no' }],
      usage: { output_tokens: expect.any(Number) },
    },
  });
});

test('a task that is cancelled while its worker stops ends instead of being handed back', async () => {
  const stopping = buildWorker(opened.ctx, counted, 10);
  const id = await fire({ sandbox: { steps: [{ latency_ms: 60_000 }] } });
  await until(id, (state) => state.status === 'STARTED');
  const stopped = stopping.stop(6_000);
  expect(await cancelTask(opened.ctx, id)).toMatchObject(isCancelled);
  await stopped;
  expect(await (await opened.ctx.queues[0]?.getJob(id))?.getState()).toBe('failed');
});

test('a task that was marked as its worker died is not run by the next one', async () => {
  const id = await fire({ sandbox: { steps: [{ latency_ms: 60_000 }] } });
  const { ctx } = opened;
  await ctx.redis.hset(`{agenthook:0}:tasks:${id}`, 'cancelledOn', Date.now());
  worker = buildWorker(ctx, counted, 10);
  expect(await until(id, (now) => now.finished_at !== null)).toMatchObject(isCancelled);
  expect(runs).not.toContain(id);
});

test('a task cancelled as workers take it, 50 times: it ends once, and stays so', async () => {
  // One slot, which is free again after a few ms: about when the cancel arrives, sometimes before, sometimes
  // after.
  worker = buildWorker(opened.ctx, counted, 1);
  let beforeStart = 0;
  for (let n = 0; n < 50; n++) {
    await fire({ sandbox: { steps: [{ latency_ms: 3 + (n % 4) }] } });
    const id = await fire({ sandbox: { steps: [{ latency_ms: 60_000 }] } });
    await new Promise((resolve) => setTimeout(resolve, (n * 7) % 41));
    const state = await cancelTask(opened.ctx, id);
    expect(state).toMatchObject(isCancelled);
    const job = await opened.ctx.queues[0]?.getJob(id);
    expect(await job?.getState()).toBe('failed');
    expect(runs.filter((run) => run === id).length).toBeLessThanOrEqual(1);
    if (state.started_at === null) {
      beforeStart += 1;
      expect(runs).not.toContain(id);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await taskStatus(opened.ctx, id)).toEqual(state);
  }
  console.log(`of 50 tasks ${beforeStart} were cancelled before a worker had them`);
  expect(beforeStart).toBeGreaterThan(0);
  expect(beforeStart).toBeLessThan(50);
  expect(await opened.ctx.queues[0]?.getJobCounts('active', 'wait', 'delayed')).toEqual({
    active: 0,
    wait: 0,
    delayed: 0,
  });
}, 60_000);
