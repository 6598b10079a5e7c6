import { postOf } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Job, Worker } from 'bullmq';
import { testContext } from '../../test/context.js';
import { createAgent } from '../agents/create-agent.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import type { Context } from '../context.js';
import type { TaskData } from '../queue/job.js';
import { withdrawTask } from '../queue/withdraw.js';
import { workerOptions } from '../queue/worker-options.js';
import { ADD_DEADLINE_MS } from '../redis/connect.js';
import { keys, TASK_QUEUE } from '../redis/keys.js';
import { cancelTask } from '../tasks/cancel.js';
import { noteStart } from '../tasks/start.js';
import { taskStatus } from '../tasks/status.js';
import { receive } from './receive.js';
import { resolveWebhook } from './resolve-webhook.js';
import { trigger } from './trigger.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let token: string;
let worker: Worker<TaskData>;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
  worker = new Worker<TaskData>(TASK_QUEUE, null, workerOptions(ctx.redis, 0, 1));
});
beforeEach(async () => {
  await ctx.redis.flushdb();
  token = await newAgent();
});
afterAll(async () => {
  await worker.close();
  await env.close();
});

async function newAgent(): Promise<string> {
  const { id } = await createAgent(ctx, { name: 'a' }, 'sandbox:echo');
  return (await mintWebhook(ctx, id, 0)).token;
}

const TYPES = { json: 'application/json', form: 'application/x-www-form-urlencoded' };
const post = (body: string, key?: string | string[], type: keyof typeof TYPES = 'json', to = token) =>
  trigger(ctx, { token: to, ...postOf(body, { 'content-type': TYPES[type], 'idempotency-key': key }) });

async function accepted(...request: Parameters<typeof post>): Promise<string> {
  const outcome = await post(...request);
  if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome));
  return outcome.task_id;
}
const waiting = async () => (await ctx.queues[0]?.getJobCountByTypes('waiting', 'prioritized')) ?? 0;
const next = async () => (await worker.getNextJob('t', { block: false })) as Job<TaskData>;
const start = ({ id = '', data, timestamp }: Job<TaskData>) =>
  noteStart(ctx, {
    shard: 0,
    id,
    token: 't',
    agentId: data.agent_id,
    maxConcurrency: 0,
    createdMs: timestamp,
    startedMs: timestamp,
  });
const idempotencyKeys = () => ctx.redis.keys('*:de:*');

describe('the same key and body', () => {
  test('is one task, whether it waits, runs, has ended well or has failed', async () => {
    const id = await accepted('{"a":1}', 'k1');
    const again = { outcome: 'duplicate', task_id: id };
    expect(await post('{"a":1}', 'k1')).toEqual(again);
    const job = await next();
    expect(await post('{"a":1}', 'k1')).toEqual(again);
    await job.moveToCompleted({ answer: 'yes' } as never, 't', false);
    expect(await post('{"a":1}', 'k1')).toEqual(again);

    const failed = await accepted('{"a":2}', 'k2');
    await (await next()).moveToFailed(new Error('no'), 't', false);
    expect(await post('{"a":2}', 'k2')).toEqual({ outcome: 'duplicate', task_id: failed });
    expect(await waiting()).toBe(0);
  });

  test('sent 100 times at once is one task', async () => {
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => post('{"a":1}', 'k')));
    const stored = outcomes.filter(({ outcome }) => outcome === 'accepted');
    expect(stored).toHaveLength(1);
    const [first] = stored;
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ task_id: first && 'task_id' in first && first.task_id });
    expect(await waiting()).toBe(1);
  });

  test('is another task for another agent, and without a key each time', async () => {
    const ids = [
      await accepted('{}', 'k'),
      await accepted('{}', 'k', 'json', await newAgent()),
      await accepted('{}'),
      await accepted('{}'),
      await accepted('{}', 'K'),
    ];
    expect(new Set(ids).size).toBe(5);
  });

  test('is remembered for as long as results are kept, and no longer than a day', async () => {
    await accepted('{}', 'k');
    await post('{}', 'k');
    const [key = ''] = await idempotencyKeys();
    expect(Math.ceil((await ctx.redis.pttl(key)) / 1000)).toBe(3600);
    const lasting = { ...ctx, resultTtlSeconds: 604_800 };
    const headers = { 'idempotency-key': 'long' };
    await trigger(lasting, { token, ...postOf('{}', headers) });
    const [other = ''] = (await idempotencyKeys()).filter((name) => name !== key);
    expect(Math.ceil((await ctx.redis.pttl(other)) / 1000)).toBe(86_400);
  });

  test('is a new task once the first one has expired', async () => {
    const first = await accepted('{}', 'k');
    await ctx.redis.del(`{agenthook:0}:${TASK_QUEUE}:${first}`);
    const second = await accepted('{}', 'k');
    expect(second).not.toBe(first);
    expect(await post('{}', 'k')).toEqual({ outcome: 'duplicate', task_id: second });
  });
});

describe('the same key and another body', () => {
  test.each([
    ['another value', '{"s": "s3cret"}', 'json', '{"s": "other"}', 'json'],
    ['other bytes of the same value', '{"s": "s3cret"}', 'json', '{"s":"s3cret"}', 'json'],
    ['the same bytes as a form', '12345', 'json', '12345', 'form'],
  ] as const)('is refused: %s', async (_name, old, oldType, body, type) => {
    const id = await accepted(old, 'k', oldType);
    const outcome = await post(body, 'k', type);
    expect(outcome).toMatchObject({ outcome: 'rejected', code: 'idempotency_key_reused' });
    for (const secret of ['s3cret', '12345', id]) expect(JSON.stringify(outcome)).not.toContain(secret);
    expect(await waiting()).toBe(1);
    expect(await post(old, 'k', oldType)).toEqual({ outcome: 'duplicate', task_id: id });
  });
});

describe('a key', () => {
  test.each([['x'], ['~!"#,;'], ['k'.repeat(256)]])('may be %.20s', async (key) => {
    await accepted('{}', key);
  });

  test.each(['', '  ', '\t'])('counts as none if it is %j', async (key) => {
    expect(await accepted('{}', key)).not.toBe(await accepted('{}', key));
  });

  test.each([
    ['too long', 'k'.repeat(257)],
    ['with a space', 'a b'],
    ['with a tab', 'a\tb'],
    ['not ASCII', 'schlüssel'],
    ['with DEL', 'a\x7f'],
    ['given twice, as Node joins it', 'a, a'],
    ['given twice', ['a', 'a']],
  ])('may not be %s', async (_name, key) => {
    expect(await post('{}', key)).toMatchObject({ outcome: 'rejected', code: 'invalid_idempotency_key' });
    expect(await waiting()).toBe(0);
  });
});

describe('a task whose caller was told 503', () => {
  test('is withdrawn with its key, which then makes a new task', async () => {
    const first = await accepted('{}', 'k');
    expect(await withdrawTask(ctx.redis, 0, first)).toBe(true);
    expect(await idempotencyKeys()).toEqual([]);
    expect(await taskStatus(ctx, first)).toBeUndefined();
    const second = await accepted('{}', 'k');
    // The answer to the withdrawal was lost, so the caller retries it.
    expect(await withdrawTask(ctx.redis, 0, first)).toBe(true);
    expect(await post('{}', 'k')).toEqual({ outcome: 'duplicate', task_id: second });
    expect(await waiting()).toBe(1);
  });

  test('stays where a retry was given it before it could be withdrawn', async () => {
    const first = await accepted('{}', 'k');
    expect(await post('{}', 'k')).toEqual({ outcome: 'duplicate', task_id: first });
    expect(await withdrawTask(ctx.redis, 0, first)).toBe(false);
    expect(await taskStatus(ctx, first)).toMatchObject({ status: 'PENDING' });
    expect(await post('{}', 'k')).toEqual({ outcome: 'duplicate', task_id: first });
  });

  test('stays once it has started or ended, so that a retry runs nothing twice', async () => {
    const first = await accepted('{}', 'k');
    const job = await next();
    expect(await start(job)).toBe('runs');
    expect(await withdrawTask(ctx.redis, 0, first)).toBe(false);
    await job.moveToCompleted({ answer: 'yes' } as never, 't', false);
    expect(await withdrawTask(ctx.redis, 0, first)).toBe(false);
    expect(await post('{}', 'k')).toEqual({ outcome: 'duplicate', task_id: first });
  });

  test('is gone for a worker that has taken it but not started it', async () => {
    const first = await accepted('{}', 'k');
    const job = await next();
    expect(await withdrawTask(ctx.redis, 0, first)).toBe(true);
    expect(await start(job)).toBe('withdrawn');
    expect(await ctx.redis.keys(`*${first}*`)).toEqual([]);
    expect(await ctx.redis.llen(keys.activeJobs(0))).toBe(0);
  });

  test('stays where it was cancelled, so that a retry does not bring it back', async () => {
    const first = await accepted('{}', 'k');
    await cancelTask(ctx, first);
    expect(await withdrawTask(ctx.redis, 0, first)).toBe(false);
    expect(await post('{}', 'k')).toEqual({ outcome: 'duplicate', task_id: first });
  });

  test('is withdrawn without a key too', async () => {
    const first = await accepted('{}');
    expect(await withdrawTask(ctx.redis, 0, first)).toBe(true);
    expect(await waiting()).toBe(0);
    expect(await taskStatus(ctx, first)).toBeUndefined();
  });
});

test('a process that was held up between look-up and adding has its task stored: its deadline begins as it is sent', async () => {
  const webhook = await resolveWebhook(ctx, token);
  if (!webhook) throw new Error('the token opens nothing');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * ADD_DEADLINE_MS);
  const outcome = await receive(ctx, webhook, postOf());
  expect(outcome).toEqual({ outcome: 'accepted', task_id: expect.any(String) });
});

test('a trigger asks Redis twice, with a key or without', async () => {
  await accepted('{}', 'k');
  const send = ctx.redis.sendCommand.bind(ctx.redis);
  const sent: string[] = [];
  ctx.redis.sendCommand = (command, stream) => {
    sent.push(command.name);
    return send(command, stream);
  };
  for (const key of [undefined, 'new', 'k']) await post('{}', key);
  ctx.redis.sendCommand = send;
  expect(sent).toEqual(Array(6).fill('evalsha'));
});
