import type { PublicResult, ResultShape, TaskFailure, TaskSuccess } from '@agenthook/contracts';
import { postOf } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Worker } from 'bullmq';
import { countCommands, testContext } from '../../../test/context.js';
import { takeJob } from '../../../test/take-job.js';
import { createAgent } from '../../agents/create-agent.js';
import { mintWebhook } from '../../agents/mint-webhook.js';
import { patchAgent } from '../../agents/update-agent.js';
import type { Context } from '../../context.js';
import { callbackBody } from '../../deliveries/callback-body.js';
import { trigger } from '../../intake/trigger.js';
import { attemptError } from '../../queue/failure.js';
import type { TaskData } from '../../queue/job.js';
import { workerOptions } from '../../queue/worker-options.js';
import { TASK_QUEUE } from '../../redis/keys.js';
import { replayTask } from '../replay.js';
import { publicTaskStatus } from '../status.js';
import { openTaskLog } from '../task-log.js';
import { taskTrace } from '../trace.js';
import { BEGINNING } from './event-cursor.js';
import { readEvents } from './read-events.js';

const USAGE = { input_tokens: 1, output_tokens: 2, total_tokens: 3, cost_usd: 0.5 };
const CALL = { name: 'look_up', arguments: { q: 'HIDDEN' }, result: 'HIDDEN', error: null, duration_ms: 5 };
const SUCCESS: TaskSuccess = {
  answer: 'Paris',
  output: { city: 'Paris' },
  tool_calls: [CALL],
  sources: [{ title: 'HIDDEN', url: 'https://hidden.test' }],
  thought: 'HIDDEN',
  usage: USAGE,
  model: 'sandbox:HIDDEN',
  steps: 2,
};
const FAILURE: TaskFailure = {
  error: { code: 'max_steps', message: 'Too many steps.' },
  answer: 'So far',
  tool_calls: [CALL],
  usage: USAGE,
};

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let worker: Worker<TaskData>;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
  worker = new Worker<TaskData>(TASK_QUEUE, null, workerOptions(ctx.redis, 0, 1));
  await worker.waitUntilReady();
});
beforeEach(() => ctx.redis.flushdb());
afterAll(async () => {
  await worker?.close();
  await env?.close();
});

async function agentOf(public_result: PublicResult, result_shape: ResultShape = 'flat') {
  const { id } = await createAgent(ctx, { name: 'a', public_result, result_shape }, 'sandbox:echo');
  const { token } = await mintWebhook(ctx, id, 0);
  const body = Buffer.from('{}');
  return {
    id,
    post: async () => {
      const outcome = await trigger(ctx, { token, ...postOf(body) });
      if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
      return outcome.task_id;
    },
  };
}

/** Runs the first task in line: one turn with text, then its end. */
async function run(result: TaskSuccess | TaskFailure): Promise<void> {
  const job = await takeJob(ctx, worker);
  const log = await openTaskLog(ctx, { shard: 0, id: job.id ?? '', token: job.token ?? '', fresh: true });
  await log.append({
    ...{ type: 'turn', at: '2026-01-02T03:04:05.000Z', attempt: 1, model: 'm:m', latency_ms: 1 },
    ...{ input_tokens: 2, output_tokens: 3, cost_usd: null },
    result: { content: [{ type: 'text', text: 'HIDDEN words' }], finishReason: { unified: 'stop' } },
  } as never);
  if ('error' in result)
    await job.moveToFailed(attemptError(result, { retryable: false }), job.token ?? '', false);
  else await job.moveToCompleted(result, job.token ?? '', false);
}

const events = async (taskId: string) => (await readEvents(ctx, taskId, BEGINNING, 'public'))?.events ?? [];

test.each<[PublicResult, TaskSuccess | TaskFailure, unknown]>([
  ['full', SUCCESS, SUCCESS],
  ['answer', SUCCESS, { answer: 'Paris', output: { city: 'Paris' } }],
  ['status', SUCCESS, null],
  ['full', FAILURE, FAILURE],
  ['answer', FAILURE, { error: FAILURE.error, answer: 'So far' }],
  ['status', FAILURE, null],
])('%s shows at every public place so much of a result: %#', async (shows, result, shown) => {
  const agent = await agentOf(shows);
  const id = await agent.post();
  await run(result);
  const status = 'error' in result ? 'FAILURE' : 'SUCCESS';
  const state = await publicTaskStatus(ctx, id);
  expect(state).toMatchObject({ task_id: id, status, finished_at: expect.any(String), result: shown });
  const told = await events(id);
  expect(told.at(-1)).toMatchObject({ event: 'finished', data: state });
  expect(told.some(({ event }) => event === 'text')).toBe(shows === 'full');
  const body = JSON.parse((await callbackBody(ctx, 0, id)) ?? '');
  expect(body.data).toMatchObject({ task_id: id, status, result: shown });
  const everything = JSON.stringify([state, told, body]);
  expect(everything.includes('HIDDEN')).toBe(shows === 'full');

  expect(await taskTrace(ctx, id)).toMatchObject({ result });
  expect(JSON.stringify((await readEvents(ctx, id, BEGINNING, 'all'))?.events)).toContain('HIDDEN words');
});

test.each<[PublicResult, TaskSuccess | TaskFailure, unknown]>([
  [
    'full',
    SUCCESS,
    { status: 'success', result: expect.objectContaining({ answer: 'Paris', thought: 'HIDDEN' }) },
  ],
  [
    'answer',
    SUCCESS,
    { status: 'success', result: expect.objectContaining({ answer: 'Paris', thought: '' }) },
  ],
  ['status', SUCCESS, null],
  ['answer', FAILURE, 'max_steps: Too many steps.'],
  ['status', FAILURE, null],
])('in the shape of DocsGPT, %s shows at every public place: %#', async (shows, result, shown) => {
  const agent = await agentOf(shows, 'docsgpt');
  const id = await agent.post();
  await patchAgent(ctx, agent.id, { result_shape: 'flat' });
  await run(result);
  const state = await publicTaskStatus(ctx, id);
  expect(state).toMatchObject({ task_id: id, result: shown });
  expect((await events(id)).at(-1)).toMatchObject({ event: 'finished', data: state });
  const body = JSON.parse((await callbackBody(ctx, 0, id)) ?? '');
  expect(body.data).toMatchObject({ task_id: id, result: shown });
  expect(JSON.stringify([state, body]).includes('HIDDEN')).toBe(shows === 'full');

  // With an API key, results are always flat.
  expect(await taskTrace(ctx, id)).toMatchObject({ result });
  const all = (await readEvents(ctx, id, BEGINNING, 'all'))?.events;
  expect(all?.at(-1)).toMatchObject({ event: 'finished', data: { result } });
  expect(await replayed(id, 'original', result)).toMatchObject({ result: shown });
  if (shows === 'full') expect(await replayed(id, 'current', result)).toMatchObject({ result });
});

const replayed = async (id: string, version: 'original' | 'current', result: TaskSuccess | TaskFailure) => {
  const { task_id: replay } = await replayTask(ctx, id, { version });
  await run(result);
  return await publicTaskStatus(ctx, replay);
};

test('a task keeps what its version says, whatever is saved later, and a replay what its own says', async () => {
  const agent = await agentOf('status');
  const id = await agent.post();
  await patchAgent(ctx, agent.id, { public_result: 'full' });
  await run(SUCCESS);
  expect(await publicTaskStatus(ctx, id)).toMatchObject({ status: 'SUCCESS', result: null });

  const { task_id: original } = await replayTask(ctx, id, { version: 'original' });
  await run(SUCCESS);
  expect(await publicTaskStatus(ctx, original)).toMatchObject({ status: 'SUCCESS', result: null });
  const { task_id: current } = await replayTask(ctx, id, { version: 'current' });
  await run(SUCCESS);
  expect(await publicTaskStatus(ctx, current)).toMatchObject({ result: SUCCESS });
});

test('a failed attempt is shown without its error if only the status is public', async () => {
  for (const [shows, last_error] of [
    ['answer', FAILURE.error],
    ['status', null],
  ] as const) {
    const id = await (await agentOf(shows)).post();
    const job = await takeJob(ctx, worker);
    await job.moveToFailed(
      attemptError(FAILURE, { retryable: true, afterMs: 60_000 }),
      job.token ?? '',
      false,
    );
    expect(await publicTaskStatus(ctx, id)).toMatchObject({ result: null, last_error });
    const data = (await events(id)).find(({ event }) => event === 'status')?.data;
    if (data) expect(data).toMatchObject({ last_error });
  }
});

test('a status is one command, whatever it shows', async () => {
  const id = await (await agentOf('answer')).post();
  await publicTaskStatus(ctx, id);
  const counts = countCommands(ctx.redis);
  await publicTaskStatus(ctx, id);
  expect(Object.fromEntries(counts)).toEqual({ evalsha: 1 });
});
