import type { LogEntry } from '@agenthook/contracts';
import { until } from '@agenthook/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Job, type Queue, Worker } from 'bullmq';
import { countCommands, testContext } from '../../../test/context.js';
import { takeJob } from '../../../test/take-job.js';
import type { Context } from '../../context.js';
import { attemptError, bareFailure } from '../../queue/failure.js';
import type { TaskData } from '../../queue/job.js';
import { createTaskId } from '../../queue/task-id.js';
import { workerOptions } from '../../queue/worker-options.js';
import { keys, TASK_QUEUE } from '../../redis/keys.js';
import { openTaskLog } from '../task-log.js';
import { BEGINNING, formatCursor, parseCursor } from './event-cursor.js';
import type { Audience, EventPage } from './read-events.js';
import { createTaskEvents, type TaskEvents } from './task-events.js';
import { createWaiters, type Waiters } from './waiters.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let queue: Queue<TaskData>;
let worker: Worker<TaskData>;
let waiters: Waiters;
let feed: TaskEvents;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
  queue = ctx.queues[0] as Queue<TaskData>;
  worker = new Worker<TaskData>(TASK_QUEUE, null, workerOptions(ctx.redis, 0, 1));
  await worker.waitUntilReady();
});
beforeEach(async () => {
  await ctx.redis.flushdb();
  waiters = createWaiters(ctx);
  feed = createTaskEvents(ctx, waiters);
});
afterEach(() => waiters?.close());
afterAll(async () => {
  await worker?.close();
  await env?.close();
});

const at = '2026-01-02T03:04:05.000Z';
const turn = (text: string): LogEntry => ({
  ...{ type: 'turn', at, attempt: 1, model: 'm:m', latency_ms: 1, input_tokens: 2, output_tokens: 3 },
  cost_usd: null,
  result: { content: [{ type: 'text', text }], finishReason: { unified: 'stop' } },
});
const prompt: LogEntry = { type: 'prompt', at, attempt: 1, system: 'SECRET', user: 'U' };
const started: LogEntry = {
  type: 'tool_started',
  at,
  attempt: 1,
  call: '1:a',
  name: 't',
  arguments: { q: 1 },
};
const ended: LogEntry = { type: 'tool_finished', at, attempt: 1, call: '1:a', duration_ms: 5, result: 'r' };
const failed: LogEntry = { type: 'attempt_failed', at, attempt: 1, code: 'timeout', message: 'late' };

const data: TaskData = { agent_id: 'agt_1', agent_version: 1, payload: {}, headers: {} };
const add = async (): Promise<string> =>
  (await queue.add('run', data, { jobId: createTaskId('agt_1'), attempts: 2 })).id ?? '';
const take = async () => {
  const job = await takeJob(ctx, worker);
  const id = job.id ?? '';
  return {
    job,
    log: await openTaskLog(ctx, { shard: 0, id, token: 'token', fresh: job.attemptsStarted === 1 }),
  };
};
const complete = (job: Job<TaskData>) =>
  job.moveToCompleted({ answer: 'yes', tool_calls: [] } as never, 'token', false);

type Events = EventPage['events'][number][];

/** Reads events into `seen` until the stream ends or the signal aborts. */
function read(taskId: string, audience: Audience, from = BEGINNING) {
  const seen: Events = [];
  const gone = new AbortController();
  const reader = { network: '203.0.113.7', signal: gone.signal };
  const done = (async () => {
    for await (const { events } of feed.follow(taskId, from, audience, reader)) {
      seen.push(...events);
    }
  })();
  const has = (event: string, count = 1) =>
    until(`${count} ${event}`, () => seen.filter((one) => one.event === event).length >= count);
  return { seen, done, has, leave: () => gone.abort() };
}
/**
 * What events contain, without ids and states: states may be skipped, and ids depend on what the reader has
 * received.
 */
const told = (events: Events) =>
  events.flatMap(({ event, data }) => (event === 'status' ? [] : [{ event, data }]));
const names = (events: Events) => events.map(({ event }) => event);

/** A task that was watched live in two attempts, from its first state to its end. */
async function watchedRun(id: string, first: ReturnType<typeof read>) {
  await first.has('status');
  const { job, log } = await take();
  await first.has('status', 2);
  await log.append(prompt, turn('Let me see.'));
  await first.has('text');
  await log.append(started);
  await log.append(ended);
  await log.append(failed);
  await job.moveToFailed(
    attemptError(bareFailure('timeout', 'late'), { retryable: true, afterMs: 60_000 }),
    'token',
  );
  await first.has('status', 3);
  await (await queue.getJob(id))?.promote();
  const second = await take();
  await first.has('status', 4);
  await second.log.append(turn('Yes.'));
  await complete(second.job);
  await first.done;
}

describe('the events of a task', () => {
  test('are told as they happen, and from the beginning to who comes late', async () => {
    const id = await add();
    const live = read(id, 'all');
    const open = read(id, 'public');
    const withheld = read(id, 'withheld');
    await watchedRun(id, live);
    await Promise.all([open.done, withheld.done]);
    expect(names(live.seen)).toEqual([
      ...['status', 'status', 'text', 'step', 'tool_call', 'tool_result', 'attempt_failed'],
      ...['status', 'status', 'text', 'step', 'finished'],
    ]);
    const states = live.seen.flatMap((one) => (one.event === 'status' ? [one.data] : []));
    expect(states.map(({ status, attempt }) => [status, attempt])).toEqual([
      ['PENDING', 0],
      ['STARTED', 1],
      ['STARTED', 1],
      ['STARTED', 2],
    ]);
    expect(states[2]).toMatchObject({ next_attempt_at: expect.any(String), last_error: { code: 'timeout' } });
    expect(live.seen).toMatchObject([
      {},
      {},
      { data: { step: 1, text: 'Let me see.' } },
      { data: { step: 1, model: 'm:m', output_tokens: 3, finish_reason: 'stop' } },
      { data: { step: 1, call: '1:a', name: 't', arguments: { q: 1 } } },
      { data: { step: 1, call: '1:a', result: 'r', error: null, duration_ms: 5 } },
      { data: { code: 'timeout', message: 'late' } },
      {},
      {},
      { data: { step: 2, text: 'Yes.' } },
      { data: { step: 2 } },
      { data: { task_id: id, status: 'SUCCESS', result: { answer: 'yes' } } },
    ]);

    expect(names(open.seen)).toEqual(['status', 'status', 'text', 'status', 'status', 'text', 'finished']);
    expect(JSON.stringify(open.seen)).not.toMatch(/SECRET|arguments|tokens|model/);
    expect(told(withheld.seen).map(({ event }) => event)).toEqual(
      told(live.seen).flatMap(({ event }) => (event === 'text' ? [] : [event])),
    );
    expect(JSON.stringify(withheld.seen)).not.toMatch(/SECRET|Let me|Yes|arguments|"late"|"r"|answer/);
    const late = read(id, 'all');
    await late.done;
    expect(told(late.seen)).toEqual(told(live.seen));
    expect(waiters.size).toBe(0);
  });

  test('go on after any of them, with none lost and none told twice', async () => {
    const id = await add();
    const live = read(id, 'all');
    const open = read(id, 'public');
    await watchedRun(id, live);
    await open.done;
    for (const [audience, seen] of [
      ['all', live.seen],
      ['public', open.seen],
    ] as const) {
      for (const [index, event] of seen.entries()) {
        const rest = read(id, audience, parseCursor(event.id));
        await rest.done;
        expect([index, told(rest.seen)]).toEqual([index, told(seen.slice(index + 1))]);
        expect(names(rest.seen)).not.toContain('status');
      }
    }
  });

  test('of a long log come page by page, all of them', async () => {
    const id = await add();
    const { job, log } = await take();
    const texts = Array.from({ length: 57 }, (_, n) => `${n} ${'x'.repeat(n % 5 === 0 ? 70_000 : 10)}`);
    await log.append(...texts.map(turn));
    const reader = read(id, 'public');
    await reader.has('text', texts.length);
    await complete(job);
    await reader.done;
    const said = reader.seen.flatMap((one) => (one.event === 'text' ? [one.data.text] : []));
    expect(said).toEqual(texts);
  });

  test('miss nothing that happens while a reader begins to listen', async () => {
    for (let n = 0; n < 20; n++) {
      const id = await add();
      const { job, log } = await take();
      const reader = read(id, 'all');
      await log.append(turn('one'));
      await reader.has('step');
      const other = read(id, 'all');
      await log.append(turn('two'));
      await complete(job);
      await Promise.all([reader.done, other.done]);
      for (const { seen } of [reader, other])
        expect(names(seen).filter((name) => name !== 'status')).toEqual([
          'text',
          'step',
          'text',
          'step',
          'finished',
        ]);
    }
  });

  test('cost one reading for all who are at the same place', async () => {
    const id = await add();
    const { job, log } = await take();
    const readers = Array.from({ length: 200 }, () => read(id, 'public'));
    await Promise.all(readers.map((reader) => reader.has('status')));
    const commands = countCommands(ctx.redis);
    await log.append(turn('for all'));
    await Promise.all(readers.map((reader) => reader.has('text')));
    // Some of these commands belong to the turn.
    expect(commands.get('evalsha')).toBeGreaterThan(0);
    expect([...commands.values()].reduce((sum, count) => sum + count, 0)).toBeLessThan(30);
    await complete(job);
    await Promise.all(readers.map(({ done }) => done));
  });

  test('end for who leaves, for a task that is gone, and when the process stops', async () => {
    const id = await add();
    const [leaver, stayer] = [read(id, 'public'), read(id, 'public')];
    await Promise.all([leaver.has('status'), stayer.has('status')]);
    leaver.leave();
    await leaver.done;
    expect(waiters.size).toBe(1);
    await ctx.redis.xadd(keys.queueEvents(0), '*', 'event', 'removed', 'jobId', id);
    await stayer.has('status');
    await ctx.redis.del(keys.job(0, id));
    await ctx.redis.xadd(keys.queueEvents(0), '*', 'event', 'removed', 'jobId', id);
    await stayer.done;
    const unknown = read(id, 'all');
    await unknown.done;
    expect(unknown.seen).toEqual([]);
    const other = read(await add(), 'public');
    await other.has('status');
    waiters.close();
    await other.done;
    expect(waiters.size).toBe(0);
    await expect(read(id, 'all').done).rejects.toMatchObject({ code: 'too_many_streams' });
  });
});

describe('a place in the events', () => {
  test('is read back from its id; anything else is none', () => {
    const place = { entry: '1700000000000-3', textOnly: true, turns: 2, state: Number.POSITIVE_INFINITY };
    for (const one of [BEGINNING, place, { ...place, textOnly: false, state: 4 }]) {
      expect(parseCursor(formatCursor(one))).toEqual(one);
    }
    for (const bad of [
      '',
      '0',
      '$',
      '1-1',
      '1-1.1',
      '1-1.1.1.1',
      '-1-1.0.0',
      `${'9'.repeat(20)}-0.0.0`,
      '1-1.0.0\n',
    ])
      expect([bad, parseCursor(bad)]).toEqual([bad, undefined]);
  });
});
