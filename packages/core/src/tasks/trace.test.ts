import type { LogEntry } from '@agenthook/contracts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import { createTaskId } from '../queue/task-id.js';
import { keys } from '../redis/keys.js';
import { enqueue } from './enqueue.js';
import { openTaskLog } from './task-log.js';
import { taskTrace } from './trace.js';

let env: Awaited<ReturnType<typeof testContext>>;
beforeAll(async () => {
  env = await testContext();
});
afterAll(() => env.close());

const at = '2026-01-02T03:04:05.000Z';
const call = (toolCallId: string, toolName: string) => ({
  type: 'tool-call',
  toolCallId,
  toolName,
  input: '{}',
});
const turn = (attempt: number, content: object[], finish: string): LogEntry => ({
  type: 'turn',
  at,
  attempt,
  model: 'openai:gpt-5-mini',
  latency_ms: 12,
  input_tokens: 3,
  output_tokens: 4,
  cost_usd: 0.00001,
  result: { content, finishReason: { unified: finish } },
});

test('a trace tells each step with its calls, also those that did not finish or were never made', async () => {
  const { ctx } = env;
  const data = {
    agent_id: 'agt_1',
    agent_version: 7,
    payload: { q: 1 },
    headers: { 'x-github-event': 'push' },
  };
  const id = await enqueue(ctx, { data, trigger: 'webhook', maxAttempts: 3, redisNow: Date.now });
  await ctx.redis.set(keys.jobLock(0, id), 'token');
  const log = await openTaskLog(ctx, { shard: 0, id, token: 'token', fresh: true });
  const long = 'x'.repeat(30_000);
  await log.append(
    { type: 'prompt', at, attempt: 1, system: 'S', user: 'U' },
    turn(
      1,
      [{ type: 'reasoning', text: 'hm' }, call('a', 'big'), call('b', 'bad'), call('c', 'nope')],
      'tool-calls',
    ),
    { type: 'tool_started', at, attempt: 1, call: '1:a', name: 'big', arguments: {} },
    { type: 'tool_finished', at, attempt: 1, call: '1:a', duration_ms: 5, result: long },
    { type: 'tool_started', at, attempt: 1, call: '1:b', name: 'bad', arguments: {} },
    { type: 'attempt_failed', at, attempt: 1, code: 'model_unavailable', message: 'down' },
    turn(2, [{ type: 'text', text: 'Done.' }], 'stop'),
  );

  const trace = await taskTrace(ctx, id);
  expect(trace).toMatchObject({
    task_id: id,
    ...data,
    prompt: { system: 'S', user: 'U' },
    failed_attempts: [{ attempt: 1, code: 'model_unavailable', message: 'down' }],
    steps: [
      { attempt: 1, model: 'openai:gpt-5-mini', latency_ms: 12, cost_usd: 0.00001, thought: 'hm', text: '' },
      { attempt: 2, text: 'Done.', finish_reason: 'stop', tool_calls: [] },
    ],
  });
  const [big, bad, nope] = trace?.steps[0]?.tool_calls ?? [];
  expect(big).toMatchObject({
    name: 'big',
    started_at: at,
    finished: true,
    error: null,
    duration_ms: 5,
    truncated_characters: 30_002,
  });
  expect(JSON.stringify(big?.result).length).toBeLessThan(11_000);
  expect(bad).toMatchObject({
    name: 'bad',
    started_at: at,
    finished: false,
    result: null,
    error: 'Not finished.',
  });
  expect(nope).toMatchObject({
    name: 'nope',
    started_at: null,
    finished: false,
    error: expect.stringContaining('Not made'),
  });
  await log.append(turn(2, [call('d', 'next')], 'tool-calls'));
  const last = (await taskTrace(ctx, id))?.steps.at(-1);
  expect(last?.tool_calls).toMatchObject([{ name: 'next', finished: false, error: 'Not begun yet.' }]);
});

test('an unknown task has no trace', async () => {
  expect(await taskTrace(env.ctx, createTaskId('agt_1'))).toBeUndefined();
  expect(await taskTrace(env.ctx, 'meta')).toBeUndefined();
});

test('of a very long log the beginning is shown, and so it is said', async () => {
  const { ctx } = env;
  const data = { agent_id: 'agt_1', agent_version: 7, payload: {}, headers: {} };
  const id = await enqueue(ctx, { data, trigger: 'webhook', maxAttempts: 1, redisNow: () => Date.now() });
  await ctx.redis.set(keys.jobLock(0, id), 'token');
  const log = await openTaskLog(ctx, { shard: 0, id, token: 'token', fresh: true });
  const text = { type: 'text', text: 'x'.repeat(100_000) };
  for (let n = 0; n < 60; n++) await log.append(turn(1, [text], 'stop'));
  const trace = await taskTrace(ctx, id);
  expect(trace?.log_truncated).toBe(true);
  expect(trace?.steps.length).toBeGreaterThan(30);
  expect(JSON.stringify(trace).length).toBeLessThan(4.5 * 1024 * 1024);
});

test('a long result of a tool is cut in the outcome as well', async () => {
  const { ctx } = env;
  const data = { agent_id: 'agt_1', agent_version: 7, payload: {}, headers: {} };
  const id = await enqueue(ctx, { data, trigger: 'webhook', maxAttempts: 1, redisNow: () => Date.now() });
  const calls = ['short', 'x'.repeat(100_000)].map((result) => ({
    name: 't',
    arguments: {},
    result,
    error: null,
  }));
  const result = JSON.stringify({ answer: 'yes', tool_calls: calls });
  await ctx.redis.hset(keys.job(0, id), 'finishedOn', Date.now(), 'returnvalue', result);
  const trace = await taskTrace(ctx, id);
  expect(trace?.result?.tool_calls).toMatchObject([{ result: 'short' }, { truncated_characters: 100_002 }]);
  expect(trace).not.toHaveProperty('log_truncated');
  expect(JSON.stringify(trace).length).toBeLessThan(15_000);
});
