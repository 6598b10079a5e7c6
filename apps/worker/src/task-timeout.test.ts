import { createAgent, mintWebhook, taskStatus, trigger } from '@agenthook/core';
import { type ModelServer, postOf, startOpenAiServer, until } from '@agenthook/testing';
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
  worker = buildWorker(opened.ctx, runAgentWithoutTools({ openai_base_url: server.url }), 4);
});
afterAll(async () => {
  await worker?.stop(5_000);
  await opened?.close(1_000);
  await server?.close();
});

/** The end of a task whose agent allows it two seconds. */
async function end(model: string) {
  const { ctx } = opened;
  const limits = { task_timeout_seconds: 2, max_attempts: 20 };
  const { id } = await createAgent(ctx, { name: model, limits }, model);
  const { token } = await mintWebhook(ctx, id, 0);
  const outcome = await trigger(ctx, { token, ...postOf(Buffer.from('{"question": "hi"}')) });
  if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
  await until('the end', async () => (await taskStatus(ctx, outcome.task_id))?.finished_at !== null);
  return taskStatus(ctx, outcome.task_id);
}

test.each([
  ['hangs', { hang: true as const }, /^The task took longer than the 2 s that its agent allows\.$/],
  ['asks for a wait of an hour', { status: 429, headers: { 'retry-after': '3600' } }, /model_rate_limited/],
  ['fails each time', { status: 503 }, /model_unavailable/],
])('task_timeout_seconds ends a task whose model %s', async (_name, script, message) => {
  server.forget();
  server.respond(...Array.from({ length: 20 }, () => script));
  const startedAt = Date.now();
  const state = await end(`compatible:${_name.replaceAll(' ', '-')}`);
  expect(state).toMatchObject({
    status: 'FAILURE',
    result: { error: { code: 'timeout', message: expect.stringMatching(message) } },
  });
  expect(Date.now() - startedAt).toBeGreaterThan(1_500);
});
