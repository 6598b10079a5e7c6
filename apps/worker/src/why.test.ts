import type { AgentInput, WaitingFor } from '@agenthook/contracts';
import {
  createAgent,
  listTasks,
  mintWebhook,
  startHeartbeat,
  taskStatus,
  taskTrace,
  trigger,
} from '@agenthook/core';
import { postOf, until } from '@agenthook/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { openTestContext, runAgentWithoutTools } from '../test/context.js';
import { buildWorker } from './task-worker.js';

let opened: Awaited<ReturnType<typeof openTestContext>>;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  opened = await openTestContext();
});
beforeEach(() => opened.ctx.redis.flushdb());
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});
afterAll(() => opened?.close(1_000));

/** Starts a worker with its heartbeat, as its process does. */
function startWorker(concurrency: number, slots: number): void {
  const { ctx } = opened;
  const worker = buildWorker(ctx, runAgentWithoutTools(), concurrency);
  const heartbeat = startHeartbeat(ctx, { kind: 'worker', concurrency, slots });
  stops.push(async () => {
    await heartbeat.stop(1_000);
    await worker.stop(1_000);
  });
}

async function agentWith(rest: Partial<AgentInput> = {}) {
  const { ctx } = opened;
  const { id } = await createAgent(ctx, { name: 'a', ...rest }, 'sandbox:echo');
  const { token } = await mintWebhook(ctx, id, 0);
  const fire = async (body: object = {}): Promise<string> => {
    const outcome = await trigger(ctx, { token, ...postOf(JSON.stringify(body)) });
    if (!('task_id' in outcome)) throw new Error(outcome.outcome);
    return outcome.task_id;
  };
  return { id, fire };
}

const SLOW = { sandbox: { steps: [{ latency_ms: 20_000 }], reply: 'done' } };
const QUICK = { sandbox: { reply: 'done' } };

/** Waits for a reason, and checks that status, list and trace agree on it. */
async function waits(taskId: string, kind: WaitingFor['kind']): Promise<WaitingFor> {
  const { ctx } = opened;
  const found = await until(`${taskId} waits: ${kind}`, async () => {
    const { waiting_for } = (await taskStatus(ctx, taskId)) ?? {};
    return waiting_for?.kind === kind && waiting_for;
  });
  const [listed] = (await listTasks(ctx, { text: taskId }, { limit: 1 })).tasks;
  expect(listed?.waiting_for).toMatchObject({ kind });
  expect((await taskTrace(ctx, taskId))?.waiting_for).toMatchObject({ kind });
  return found;
}
const runs = (taskId: string) =>
  until(`${taskId} runs`, async () => {
    const state = await taskStatus(opened.ctx, taskId);
    return state?.status === 'STARTED' && state.waiting_for === null;
  });

test('no worker, then its slots, then nothing', async () => {
  const { fire } = await agentWith();
  const [first, second, third] = [await fire(SLOW), await fire(SLOW), await fire(QUICK)];
  expect(await waits(first, 'no_worker')).toEqual({ kind: 'no_worker', place: 1, text: 'no worker' });
  expect(await waits(third, 'no_worker')).toMatchObject({ place: 3 });
  startWorker(1, 1);
  await runs(first);
  expect(await waits(second, 'no_free_slot')).toEqual({
    kind: 'no_free_slot',
    place: 1,
    taken: 1,
    slots: 1,
    text: 'no free slot: 1 of 1, place 1',
  });
});

test('an agent that has its share of the slots', async () => {
  const { fire } = await agentWith();
  startWorker(4, 5);
  const ids: string[] = [];
  for (let n = 0; n < 6; n++) ids.push(await fire(SLOW));
  await until('the sixth waits for the share', async () => {
    const { waiting_for } = (await taskStatus(opened.ctx, ids[5] ?? '')) ?? {};
    return /^no free slot: 4 of 4, place [12]$/.test(waiting_for?.text ?? '');
  });
});

test('max_concurrency', async () => {
  const { fire } = await agentWith({ limits: { max_concurrency: 1 } });
  startWorker(20, 25);
  const first = await fire(SLOW);
  await runs(first);
  const parked = [await fire(QUICK), await fire(QUICK), await fire(QUICK)];
  for (const id of parked) await waits(id, 'max_concurrency');
  expect(await waits(parked[2] ?? '', 'max_concurrency')).toEqual({
    kind: 'max_concurrency',
    place: 3,
    max: 1,
    text: 'place 3 behind max_concurrency 1',
  });
});

test('earlier tasks of the conversation', async () => {
  const { fire } = await agentWith({ conversation: { key: '{{ payload.thread }}' } });
  startWorker(20, 25);
  const first = await fire({ thread: 't', ...SLOW });
  await runs(first);
  await fire({ thread: 't', ...QUICK });
  const third = await fire({ thread: 't', ...QUICK });
  const { conversation_id } = (await taskStatus(opened.ctx, third)) ?? {};
  expect(await waits(third, 'conversation')).toEqual({
    kind: 'conversation',
    place: 2,
    conversation_id,
    text: 'place 2 behind earlier tasks of its conversation',
  });
});

test('the window of a burst, with and without a worker', async () => {
  const { fire } = await agentWith({ burst: { key: '{{ payload.room }}', window_seconds: 60 } });
  const id = await fire({ room: 'r' });
  const { created_at } = (await taskStatus(opened.ctx, id)) ?? {};
  const found = await waits(id, 'burst');
  expect(found).toMatchObject({ text: expect.stringMatching(/^collects events until \d\d:\d\d:\d\d UTC$/) });
  const window = Date.parse('until' in found ? found.until : '') - Date.parse(created_at ?? '');
  expect(Math.abs(window - 60_000)).toBeLessThan(2_000);
});

test('the next attempt, and after which failure', async () => {
  const { fire } = await agentWith({ limits: { max_attempts: 3 } });
  startWorker(20, 25);
  const id = await fire({ sandbox: { steps: [{ fail: 'unavailable', fail_times: 9 }], reply: 'r' } });
  const found = await waits(id, 'retry');
  expect(found).toMatchObject({
    error: 'model_unavailable',
    text: expect.stringMatching(/^next attempt at \d\d:\d\d:\d\d UTC after model_unavailable$/),
  });
  const { next_attempt_at } = (await taskStatus(opened.ctx, id)) ?? {};
  expect(found).toMatchObject({ until: next_attempt_at });
});

test('an agent that its breaker has paused', async () => {
  const { fire } = await agentWith({ limits: { max_concurrency: 1 }, breaker: { max_per_minute: 1 } });
  startWorker(20, 25);
  const ids = [await fire(QUICK), await fire(QUICK), await fire(QUICK)];
  expect(await waits(ids[2] ?? '', 'paused')).toMatchObject({ scope: 'agent', place: expect.any(Number) });
});

test('a task that lost its worker', async () => {
  const { fire } = await agentWith();
  startWorker(1, 1);
  const id = await fire(SLOW);
  await runs(id);
  // As after a kill: its lock has expired, and no worker has noticed yet.
  await opened.ctx.redis.del(`{agenthook:0}:tasks:${id}:lock`);
  expect(await waits(id, 'worker_lost')).toMatchObject({ text: 'its worker is gone' });
});

test('a task that runs or has ended waits for nothing', async () => {
  const { fire } = await agentWith();
  startWorker(20, 25);
  const id = await fire(QUICK);
  const ended = await until('it ends', async () => {
    const state = await taskStatus(opened.ctx, id);
    return state?.finished_at != null && state;
  });
  expect(ended).toMatchObject({ status: 'SUCCESS', waiting_for: null });
});
