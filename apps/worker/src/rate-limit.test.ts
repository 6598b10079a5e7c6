import { createAgent, listTasks, mintWebhook, taskStatus, trigger } from '@agenthook/core';
import { type ModelServer, postOf, startOpenAiServer } from '@agenthook/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestContext, runAgentWithoutTools } from '../test/context.js';
import type { RunningWorker } from './run-workers.js';
import { buildWorker } from './task-worker.js';

let server: ModelServer;
let worker: RunningWorker;
let opened: Awaited<ReturnType<typeof openTestContext>>;

beforeAll(async () => {
  server = await startOpenAiServer();
  opened = await openTestContext();
  // One slot, so a task that holds it keeps all others waiting.
  worker = buildWorker(opened.ctx, runAgentWithoutTools({ openai_base_url: server.url }), 1);
});
afterAll(async () => {
  await worker?.stop(5_000);
  await opened?.close(1_000);
  await server?.close();
});

async function fire(model: string, max_attempts = 1): Promise<string> {
  const { ctx } = opened;
  const { id } = await createAgent(ctx, { name: model, limits: { max_attempts } }, model);
  const { token } = await mintWebhook(ctx, id, 0);
  const body = Buffer.from('{"question": "hi"}');
  const outcome = await trigger(ctx, { token, ...postOf(body) });
  if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
  return outcome.task_id;
}

const state = (taskId: string) => taskStatus(opened.ctx, taskId);
async function until<T>(read: () => Promise<T>, good: (value: T) => boolean): Promise<T> {
  for (const end = Date.now() + 20_000; ; ) {
    const value = await read();
    if (good(value)) return value;
    if (Date.now() > end) throw new Error(`did not get there: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test("a provider's Retry-After parks its tasks: no slot, no attempt, no further call", async () => {
  server.respond({ status: 429, headers: { 'retry-after': '3' } });
  const limited = await fire('compatible:m');
  const parked = await until(
    () => state(limited),
    (now) => now?.next_attempt_at !== null && now?.last_error !== null,
  );
  expect(parked).toMatchObject({ status: 'STARTED', attempt: 1, max_attempts: 1, result: null });
  expect(parked?.last_error?.code).toBe('model_rate_limited');
  const waiting_for = { kind: 'rate_limit', provider: 'compatible', model: 'm', until: expect.any(String) };
  expect(parked).toMatchObject({ waiting_for });
  const listed = await listTasks(opened.ctx, { text: limited }, { limit: 1 });
  expect(listed.tasks).toMatchObject([{ waiting_for }]);

  // The slot is free, also for another task of the same provider, which is not even called.
  const second = await fire('compatible:m');
  const other = await fire('sandbox:echo');
  expect(
    await until(
      () => state(other),
      (now) => now?.finished_at !== null,
    ),
  ).toMatchObject({ status: 'SUCCESS' });
  expect(await state(limited)).toMatchObject({ status: 'STARTED', finished_at: null });
  expect(
    await until(
      () => state(second),
      (now) => now?.next_attempt_at !== null,
    ),
  ).toMatchObject({ finished_at: null, waiting_for });
  expect(server.requests).toHaveLength(1);

  for (const id of [limited, second]) {
    const ended = await until(
      () => state(id),
      (now) => now?.finished_at !== null,
    );
    expect(ended).toMatchObject({ status: 'SUCCESS', attempt: 1, last_error: null, waiting_for: null });
  }
  const [first, ...later] = server.requests;
  for (const request of later) expect(request.at - (first?.at ?? 0)).toBeGreaterThanOrEqual(3_000);
});

const ended = (taskId: string) =>
  until(
    () => state(taskId),
    (now) => now?.finished_at !== null,
  );
/** The ms between the requests for a model. */
const gaps = (model: string) => {
  const times = server.requests.filter(({ body }) => body.model === model).map(({ at }) => at);
  return times.slice(1).map((at, n) => at - (times[n] ?? 0));
};

test('a healthy model of the same provider does not wait', async () => {
  server.respond({ status: 429, headers: { 'retry-after': '12' } });
  const limited = await fire('compatible:busy');
  await until(
    () => state(limited),
    (now) => now?.next_attempt_at !== null,
  );
  expect(await ended(await fire('compatible:healthy'))).toMatchObject({ status: 'SUCCESS' });
  expect(await state(limited)).toMatchObject({ finished_at: null });
});

test('a limit that gives no time is asked once a second at most, and ever less often without a hint', async () => {
  server.respond({ status: 429, headers: { 'retry-after': '0' } });
  expect(await ended(await fire('compatible:zero'))).toMatchObject({ status: 'SUCCESS' });
  expect(Math.min(...gaps('zero'))).toBeGreaterThanOrEqual(1_000);
  server.respond({ status: 429 }, { status: 429 });
  expect(await ended(await fire('compatible:silent', 3))).toMatchObject({ status: 'SUCCESS', attempt: 3 });
  const [first = 0, second = 0] = gaps('silent');
  expect(first + second).toBeGreaterThan(2_000);
  expect(second).toBeGreaterThan(first);
});
