import type { RunAgent, TaskState } from '@agenthook/contracts';
import {
  type Context,
  createAgent,
  mintWebhook,
  patchAgent,
  removeAgent,
  taskStatus,
  trigger,
} from '@agenthook/core';
import { postOf } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openTestContext, runAgentWithoutTools } from '../test/context.js';
import type { RunningWorker } from './run-workers.js';
import { buildWorker } from './task-worker.js';

const runAgent = runAgentWithoutTools();
const workers: RunningWorker[] = [];
let ctx: Context;
let close: (deadlineMs: number) => Promise<void>;

beforeAll(async () => {
  ({ ctx, close } = await openTestContext());
});
beforeEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop(5_000)));
  await ctx.redis.flushdb();
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop(5_000)));
  await close(1_000);
});

function start(run: RunAgent = runAgent): RunningWorker {
  const worker = buildWorker(ctx, run, 10);
  workers.push(worker);
  return worker;
}

async function agentWith(input: Parameters<typeof createAgent>[1]) {
  const agent = await createAgent(ctx, input, 'sandbox:echo');
  const { token } = await mintWebhook(ctx, agent.id, 0);
  const fire = async (payload: unknown): Promise<string> => {
    const body = Buffer.from(JSON.stringify(payload));
    const outcome = await trigger(ctx, { token, ...postOf(body) });
    if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
    return outcome.task_id;
  };
  return { agent, fire };
}

async function until(
  taskId: string,
  done: (state: TaskState) => boolean,
  withinMs = 20_000,
): Promise<TaskState> {
  for (const end = Date.now() + withinMs; Date.now() < end; ) {
    const state = await taskStatus(ctx, taskId);
    if (state && done(state)) return state;
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  throw new Error(`task ${taskId} did not get there: ${JSON.stringify(await taskStatus(ctx, taskId))}`);
}
const ended = (state: TaskState) => state.finished_at !== null;

describe('a worker', () => {
  test('runs the version that the task was triggered with', async () => {
    const { agent, fire } = await agentWith({ name: 'before' });
    const old = await fire({ question: 'hi' });
    await patchAgent(ctx, agent.id, { name: 'after' });
    const young = await fire({ question: 'hi' });
    start();
    expect(await until(old, ended)).toMatchObject({
      status: 'SUCCESS',
      result: { answer: expect.stringContaining('before') },
    });
    expect(await until(young, ended)).toMatchObject({ result: { answer: expect.stringContaining('after') } });
  });

  test('retries after a temporary failure, and never shows a status that moves backwards', async () => {
    const { fire } = await agentWith({ name: 'a' });
    start();
    const id = await fire({
      sandbox: { steps: [{ fail: 'unavailable', fail_times: 1 }], reply: 'second try' },
    });
    const seen: string[] = [];
    const state = await until(id, (now) => {
      if (seen.at(-1) !== now.status) seen.push(now.status);
      return ended(now);
    });
    expect(state).toMatchObject({
      status: 'SUCCESS',
      attempt: 2,
      result: { answer: 'second try' },
      last_error: null,
    });
    expect(seen.join()).toMatch(/^(PENDING,)?STARTED,SUCCESS$/);
    expect(Date.parse(state.finished_at ?? '') - Date.parse(state.started_at ?? '')).toBeGreaterThan(400);
  });

  test.each([
    ['auth', 'model_auth', 1],
    ['refused', 'model_refused', 1],
    ['unavailable', 'model_unavailable', 2],
  ])('ends FAILURE when the model fails with %s', async (fail, code, attempt) => {
    const { fire } = await agentWith({ name: 'a', limits: { max_attempts: 2 } });
    start();
    const state = await until(await fire({ sandbox: { steps: [{ fail }] } }), ended);
    expect(state).toMatchObject({ status: 'FAILURE', attempt, max_attempts: 2, result: { error: { code } } });
  });

  test('ends FAILURE timeout when the agent exceeds its time', async () => {
    const { fire } = await agentWith({ name: 'a', limits: { timeout_seconds: 1 } });
    start();
    const state = await until(await fire({ sandbox: { steps: [{ latency_ms: 60_000 }] } }), ended);
    expect(state).toMatchObject({ status: 'FAILURE', attempt: 1, result: { error: { code: 'timeout' } } });
  });

  test('ends FAILURE agent_unavailable when the agent was deleted in the meantime', async () => {
    const { agent, fire } = await agentWith({ name: 'a' });
    const id = await fire({ question: 'hi' });
    await removeAgent(ctx, agent.id);
    start();
    expect(await until(id, ended)).toMatchObject({
      status: 'FAILURE',
      result: { error: { code: 'agent_unavailable' } },
    });
  });

  test('ends FAILURE internal, without the message, when the agent throws', async () => {
    const { fire } = await agentWith({ name: 'a' });
    start(() => Promise.reject(new Error('secret of /etc/passwd')));
    const state = await until(await fire({}), ended);
    expect(state).toMatchObject({ status: 'FAILURE', attempt: 1, result: { error: { code: 'internal' } } });
    expect(JSON.stringify(state)).not.toContain('passwd');
  });

  test('lets a run finish within the grace period of its shutdown', async () => {
    const { fire } = await agentWith({ name: 'a' });
    const worker = start();
    const id = await fire({ sandbox: { steps: [{ latency_ms: 700 }], reply: 'done' } });
    await until(id, (state) => state.status === 'STARTED');
    await worker.stop(10_000);
    expect(await taskStatus(ctx, id)).toMatchObject({ status: 'SUCCESS', attempt: 1 });
  });

  test('hands a longer run back to another worker', async () => {
    const { fire } = await agentWith({ name: 'a' });
    const worker = start();
    const id = await fire({ sandbox: { steps: [{ latency_ms: 3_000 }], reply: 'done' } });
    const started = await until(id, (state) => state.status === 'STARTED');
    await worker.stop(2_100);
    const stopped = Date.now();
    expect(await taskStatus(ctx, id)).toMatchObject({ status: 'STARTED', result: null, last_error: null });
    expect(await (await ctx.queues[0]?.getJob(id))?.getState()).toBe('prioritized');
    start();
    const state = await until(id, ended);
    expect(state).toMatchObject({ status: 'SUCCESS', attempt: 1, started_at: started.started_at });
    // Long before the first worker's lock would have expired.
    expect(Date.parse(state.finished_at ?? '') - stopped).toBeLessThan(3_000 + 15_000);
  });
});
