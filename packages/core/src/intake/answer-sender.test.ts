import { postOf, until } from '@agenthook/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Worker } from 'bullmq';
import { testContext } from '../../test/context.js';
import { takeJob } from '../../test/take-job.js';
import { createAgent } from '../agents/create-agent.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import type { Context } from '../context.js';
import { attemptError, bareFailure } from '../queue/failure.js';
import type { TaskData } from '../queue/job.js';
import { workerOptions } from '../queue/worker-options.js';
import { TASK_QUEUE } from '../redis/keys.js';
import { createWaiters, type Waiters } from '../tasks/events/waiters.js';
import { answerSender, type StoredEvent } from './answer-sender.js';
import { trigger } from './trigger.js';

const USAGE = { input_tokens: 1, output_tokens: 2, total_tokens: 3, cost_usd: null };
const RESULT = {
  answer: 'Paris',
  tool_calls: [],
  sources: [],
  thought: 'HIDDEN',
  usage: USAGE,
  model: 'm:m',
  steps: 1,
};
const statusUrl = 'https://hooks.test/status';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let worker: Worker<TaskData>;
let waiters: Waiters;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
  worker = new Worker<TaskData>(TASK_QUEUE, null, workerOptions(ctx.redis, 0, 1));
  await worker.waitUntilReady();
});
beforeEach(async () => {
  await ctx.redis.flushdb();
  waiters = createWaiters(ctx);
});
afterEach(() => waiters.close());
afterAll(async () => {
  await worker?.close();
  await env?.close();
});

/** Posts to a new agent. */
async function post(agent: object, body: unknown = {}, headers: Record<string, string> = {}) {
  const { id } = await createAgent(ctx, { name: 'a', ...agent }, 'sandbox:echo');
  const { token } = await mintWebhook(ctx, id, 0);
  const send = async () => {
    const outcome = await trigger(ctx, { token, ...postOf(JSON.stringify(body), headers) });
    if (!('task_id' in outcome)) throw new Error(outcome.outcome);
    return outcome;
  };
  return { event: await send(), send };
}

const answer = (event: StoredEvent, options: { prefersSeconds?: number; signal?: AbortSignal } = {}) =>
  answerSender(ctx, event, {
    waiters,
    network: '203.0.113.7',
    signal: new AbortController().signal,
    statusUrl,
    ...options,
  });

async function finish(): Promise<void> {
  const job = await takeJob(ctx, worker);
  await job.moveToCompleted(RESULT as never, job.token ?? '', false);
}

describe('without waiting', () => {
  test('the default answer is that of an agent without a response', async () => {
    const { event } = await post({});
    expect(event).toEqual({ outcome: 'accepted', task_id: event.task_id });
    expect(await answer(event)).toEqual({ reply: 'default', isLate: false });
  });

  test('a template sees the event and the task, escaped for its media type', async () => {
    const body =
      '<p>{{ payload.name }} {{ payload.id }} {{ headers["x-github-event"] }} {{ task_id }} {{ task_status_url }}</p>';
    const { event, send } = await post(
      { response: { content_type: 'text/html', body } },
      { name: '<script>', id: 1 },
      { 'x-github-event': 'issues', 'idempotency-key': 'k' },
    );
    const made = {
      reply: 'own',
      answer: {
        status: 200,
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': expect.stringMatching(/^sandbox; default-src 'none'/),
        },
        body: `<p>&lt;script&gt; 1 issues ${event.task_id} ${statusUrl}</p>`,
      },
    };
    expect(await answer(event)).toEqual(made);
    const again = await send();
    expect([again.outcome, await answer(again)]).toEqual(['duplicate', made]);
  });

  test('a large event is rendered off the event loop, with every digit', async () => {
    const payload = { text: 'x'.repeat(100_000), name: 'Zoë' };
    const { event } = await post(
      { response: { content_type: 'text/plain', body: '{{ payload.name }} {{ payload.text | size }}' } },
      payload,
    );
    expect(await answer(event)).toMatchObject({ answer: { body: 'Zoë 100000' } });
  });

  test.each([
    [{ status: 204 }, { status: 204, headers: {}, body: '' }],
    [{ body: '' }, { status: 200, headers: {}, body: '' }],
    [
      { status: 202, content_type: 'text/plain', body: 'ok' },
      { status: 202, body: 'ok' },
    ],
    [{ body: '{"ok": true}' }, { headers: { 'content-type': 'application/json' }, body: '{"ok": true}' }],
    [
      { content_type: 'text/xml; charset=utf-8', body: '<Response/>' },
      { headers: { 'content-type': 'text/xml; charset=utf-8' } },
    ],
  ])('%j needs nothing of the event', async (response, made) => {
    expect(await answer((await post({ response })).event)).toMatchObject({ reply: 'own', answer: made });
  });

  test('a template that fails for an event leaves the default answer', async () => {
    const response = {
      content_type: 'text/plain',
      body: '{% for x in (1..9999999) %}{{ payload.a }}{% endfor %}',
    };
    const { event } = await post({ response });
    expect(await answer(event)).toEqual({ reply: 'default', isLate: false });
  });
});

describe('waiting', () => {
  const waits = (body: string, wait_seconds = 30, more: object = {}) => ({
    response: { content_type: 'text/plain', body, wait_seconds },
    ...more,
  });

  test('a template sees the result, as far as public_result shows it, in whatever shape results have', async () => {
    const body = '{{ status }} {{ result.answer }} {{ result.thought }} {{ error.code }}|{{ payload.n }}';
    for (const [public_result, shown] of [
      ['full', 'SUCCESS Paris HIDDEN |7'],
      ['answer', 'SUCCESS Paris  |7'],
      ['status', 'SUCCESS   |7'],
    ]) {
      const { event } = await post(waits(body, 30, { public_result, result_shape: 'docsgpt' }), { n: 7 });
      const made = answer(event);
      await finish();
      expect(await made).toMatchObject({ reply: 'own', answer: { body: shown } });
    }
  });

  test('a failure ends the wait too', async () => {
    const { event } = await post(waits('{{ status }} {{ error.code }}: {{ error.message }}'));
    const made = answer(event);
    const job = await takeJob(ctx, worker);
    const failure = bareFailure('model_auth', 'No.');
    await job.moveToFailed(attemptError(failure, { retryable: false }), job.token ?? '', false);
    expect(await made).toMatchObject({ answer: { body: 'FAILURE model_auth: No.' } });
  });

  test('a task that does not end in time is answered late, and a retry once it has ended', async () => {
    const { event, send } = await post(waits('{{ result.answer }}', 1), {}, { 'idempotency-key': 'k' });
    expect(await answer(event)).toEqual({ reply: 'default', isLate: true });
    await finish();
    expect(await answer(await send())).toMatchObject({ reply: 'own', answer: { body: 'Paris' } });
    expect(waiters.size).toBe(0);
  });

  test('a caller that prefers it gets the whole state, in the shape of the agent', async () => {
    const { event } = await post({
      result_shape: 'docsgpt',
      public_result: 'answer',
      ...waits('{{ result.answer }}'),
    });
    const made = answer(event, { prefersSeconds: 30 });
    await finish();
    const nested = { status: 'success', result: { answer: 'Paris', thought: '' } };
    expect(await made).toMatchObject({ reply: 'state', state: { status: 'SUCCESS', result: nested } });
  });

  test('a caller that prefers not to wait is answered at once', async () => {
    const { event } = await post(waits('{{ result.answer }}'));
    expect(await answer(event, { prefersSeconds: 0 })).toEqual({ reply: 'default', isLate: true });
    const { event: plain } = await post({});
    expect(await answer(plain, { prefersSeconds: 1 })).toEqual({ reply: 'default', isLate: false });
  });

  test('where too many wait, the sender is answered at once; so it is when the api stops', async () => {
    const full = createWaiters(ctx, { all: 0, perTask: 1, perNetwork: 1 });
    const { event } = await post(waits('{{ result.answer }}'));
    const wait = { network: 'n', signal: new AbortController().signal, statusUrl };
    const late = { reply: 'default', isLate: true };
    expect(await answerSender(ctx, event, { ...wait, waiters: full })).toEqual(late);
    full.close();

    const made = answer(event);
    await until('the sender waits', () => waiters.size === 1);
    waiters.close();
    expect(await made).toEqual(late);
    expect(await answer(event)).toEqual(late);
  });

  test('a sender that hangs up leaves nothing behind', async () => {
    const { event } = await post(waits('{{ result.answer }}'));
    const gone = new AbortController();
    const made = answer(event, { signal: gone.signal });
    await until('the sender waits', () => waiters.size === 1);
    gone.abort();
    await made;
    expect(waiters.size).toBe(0);
  });
});
