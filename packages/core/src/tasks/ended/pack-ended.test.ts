import type { LogEntry } from '@agenthook/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { testContext } from '../../../test/context.js';
import type { Context } from '../../context.js';
import { createTaskId } from '../../queue/task-id.js';
import { keys } from '../../redis/keys.js';
import { enqueue } from '../enqueue.js';
import { BEGINNING, parseCursor } from '../events/event-cursor.js';
import { readEvents } from '../events/read-events.js';
import { taskStatus } from '../status.js';
import { openTaskLog } from '../task-log.js';
import { taskTrace } from '../trace.js';
import { packEnded } from './pack-ended.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(() => ctx.redis.flushdb());
afterAll(() => env?.close());

const at = '2026-01-02T03:04:05.000Z';
const ANSWER = 'The order was sent on Monday, and the customer has been told so. '.repeat(40);
const ROWS = Array.from({ length: 2_000 }, (_, n) => ({ id: n, mail: `c${n * 7919}@example.com` }));

const turn = (text: string): LogEntry => ({
  type: 'turn',
  at,
  attempt: 1,
  model: 'sandbox:echo',
  latency_ms: 1,
  input_tokens: 1,
  output_tokens: 1,
  cost_usd: null,
  result: { content: [{ type: 'text', text }], finishReason: { unified: 'stop' } },
});
const RESULT = {
  answer: ANSWER,
  tool_calls: [{ name: 'find', arguments: {}, result: ROWS, error: null, duration_ms: 1 }],
  sources: [],
  thought: '',
  usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2, cost_usd: null },
  model: 'sandbox:echo',
  steps: 1,
};

/** A task with a journal. Its payload is in its prompt, its answers in its result. */
async function run(payload: unknown, { user = JSON.stringify(payload), more = [] as LogEntry[] } = {}) {
  const data = { agent_id: 'agt_1', agent_version: 1, payload, headers: { 'x-a': 'b' } };
  const id = await enqueue(ctx, { data, trigger: 'webhook', maxAttempts: 1, redisNow: Date.now });
  await ctx.redis.set(keys.jobLock(0, id), 'token');
  const log = await openTaskLog(ctx, { shard: 0, id, token: 'token', fresh: true });
  await log.append(
    { type: 'prompt', at, attempt: 1, system: 'S', user },
    turn('I look.'),
    { type: 'tool_started', at, attempt: 1, call: '1:a', name: 'find', arguments: {} },
    { type: 'tool_finished', at, attempt: 1, call: '1:a', duration_ms: 5, result: ROWS },
    turn(ANSWER),
    ...more,
  );
  return id;
}

async function end(id: string, field: 'returnvalue' | 'failedReason', result: object = RESULT) {
  await ctx.redis.del(keys.jobLock(0, id));
  await ctx.redis.hset(keys.job(0, id), { finishedOn: Date.now(), [field]: JSON.stringify(result) });
}

async function bytesOf(id: string): Promise<number> {
  const sizes = [keys.job(0, id), keys.taskLog(0, id)].map((key) =>
    ctx.redis.memory('USAGE', key, 'SAMPLES', 0),
  );
  return (await Promise.all(sizes)).reduce<number>((sum, size) => sum + Number(size ?? 0), 0);
}

/** All events, each page read on its own, as by a client that resumes after each event. */
async function eventsOf(id: string) {
  const events: object[] = [];
  for (let from = BEGINNING; ; ) {
    const page = await readEvents(ctx, id, from, 'all');
    if (!page || page.events.length === 0) return events;
    const [first] = page.events;
    if (first === undefined) return events;
    events.push(first);
    from = parseCursor(first.id) ?? BEGINNING;
  }
}

const seen = async (id: string) => [await taskStatus(ctx, id), await taskTrace(ctx, id), await eventsOf(id)];

test.each([
  ['succeeded', 'returnvalue', RESULT],
  [
    'failed',
    'failedReason',
    {
      error: { code: 'max_steps', message: 'No answer.' },
      tool_calls: RESULT.tool_calls,
      usage: RESULT.usage,
    },
  ],
] as const)('a task that %s looks the same when its texts are one', async (_how, field, result) => {
  const id = await run({ rows: ROWS, total: 1 });
  await end(id, field, result);
  const before = await seen(id);
  const size = await bytesOf(id);
  await packEnded(ctx, 0, [id]);
  expect(await ctx.redis.exists(keys.taskLog(0, id))).toBe(0);
  expect(await ctx.redis.hget(keys.job(0, id), 'data')).toBeNull();
  expect(await seen(id)).toEqual(before);
  expect(await bytesOf(id)).toBeLessThan(size / 8);
  await packEnded(ctx, 0, [id]);
  expect(await seen(id)).toEqual(before);
});

test('what is in the event, the prompt, the journal and the result is stored once', async () => {
  const noise = crypto.getRandomValues(new Uint8Array(60_000));
  const text = Buffer.from(noise).toString('base64');
  const id = await run({ text });
  const other = { ...RESULT, answer: text };
  await end(id, 'returnvalue', other);
  await packEnded(ctx, 0, [id]);
  const packed = await ctx.redis.hstrlen(keys.job(0, id), 'returnvalue');
  // Random bytes cannot be compressed, and base64 is what Redis gets of them.
  expect(packed).toBeLessThan(1.25 * text.length);
  expect(await taskTrace(ctx, id)).toMatchObject({ payload: { text }, result: { answer: text } });
});

test('digits, and texts without a form in UTF-8, come back as they were', async () => {
  const json = `{"id":820982911946154508,"text":${JSON.stringify('x'.repeat(70_000))},"half":"\\ud800"}`;
  const data = { agent_id: 'agt_1', agent_version: 1, payload: null, headers: {} };
  const task = { data, payloadJson: json, trigger: 'webhook', maxAttempts: 1, redisNow: Date.now } as const;
  const id = await enqueue(ctx, task);
  await ctx.redis.set(keys.jobLock(0, id), 'token');
  const log = await openTaskLog(ctx, { shard: 0, id, token: 'token', fresh: true });
  await log.append({ type: 'prompt', at, attempt: 1, system: 'S', user: 'a\ud800b\0c' }, turn('a\0b'));
  await end(id, 'returnvalue');
  const before = JSON.stringify(await seen(id));
  expect(before).toContain('820982911946154508');
  await packEnded(ctx, 0, [id]);
  expect(JSON.stringify(await seen(id))).toBe(before);
});

test('a payload that looks like one of ours that is compressed comes back as it was', async () => {
  const payload = { payload_json: 'zap' };
  const id = await run(payload);
  await end(id, 'returnvalue');
  await packEnded(ctx, 0, [id]);
  expect(await taskTrace(ctx, id)).toMatchObject({ payload });
});

test('a journal that is too large for one text stays a stream', async () => {
  const big = turn('x'.repeat(3_000_000));
  const id = await run({}, { more: [big, big, big] });
  await end(id, 'returnvalue');
  const before = await seen(id);
  await packEnded(ctx, 0, [id]);
  expect(await ctx.redis.exists(keys.taskLog(0, id))).toBe(1);
  expect(await ctx.redis.hget(keys.job(0, id), 'data')).toBeNull();
  expect(await seen(id)).toEqual(before);
  // Each of its entries is compressed.
  expect(await bytesOf(id)).toBeLessThan(100_000);
});

test('tasks that run, are gone or have no journal are left, and many are packed in turn', async () => {
  const [runs, ended] = [await run({ a: 1 }), await run({ a: 2 })];
  await end(ended, 'returnvalue');
  const cancelled = await enqueue(ctx, {
    data: { agent_id: 'agt_1', agent_version: 1, payload: { a: 3 }, headers: {} },
    trigger: 'webhook',
    maxAttempts: 1,
    redisNow: Date.now,
  });
  await end(cancelled, 'failedReason', {
    error: { code: 'cancelled', message: '' },
    tool_calls: [],
    usage: RESULT.usage,
  });
  await packEnded(ctx, 0, [runs, createTaskId('agt_1'), ended, cancelled]);
  expect(await ctx.redis.hget(keys.job(0, runs), 'data')).not.toBeNull();
  expect(await ctx.redis.hget(keys.job(0, ended), 'data')).toBeNull();
  expect(await taskTrace(ctx, cancelled)).toMatchObject({ status: 'FAILURE', payload: { a: 3 }, steps: [] });
});
