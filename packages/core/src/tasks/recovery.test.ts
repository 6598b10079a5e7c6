import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Job, Worker } from 'bullmq';
import { testContext } from '../../test/context.js';
import type { Context } from '../context.js';
import type { TaskData } from '../queue/job.js';
import { workerOptions } from '../queue/worker-options.js';
import { keys, TASK_QUEUE } from '../redis/keys.js';
import { enqueue } from './enqueue.js';
import { noteSurvived, type Place, type Recovery, startRecovery } from './recovery.js';
import { taskStatus } from './status.js';
import { openTaskLog } from './task-log.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let worker: Worker<TaskData>;
let recovery: Recovery;
beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
  worker = new Worker<TaskData>(TASK_QUEUE, null, workerOptions(ctx.redis, 0, 1));
  recovery = startRecovery(ctx);
});
beforeEach(() => ctx.redis.flushdb());
afterAll(async () => {
  recovery?.stop();
  await worker?.close();
  await env?.close();
});

/** Adds tasks that have lost their worker `deaths` times. */
async function add(count: number, deaths: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    const data = { agent_id: 'agt_1', agent_version: 1, payload: {}, headers: {} };
    const id = await enqueue(ctx, { data, trigger: 'webhook', maxAttempts: 1, redisNow: Date.now });
    if (deaths > 0) await ctx.redis.hset(keys.job(0, id), 'stc', deaths);
    ids.push(id);
  }
  return ids;
}

async function take(): Promise<Job<TaskData>> {
  const job: Job<TaskData> | undefined = await worker.getNextJob('token', { block: false });
  if (!job) throw new Error('no job to take');
  return job;
}
async function enter(): Promise<Place | undefined> {
  // Those that wait since the same millisecond have no order.
  await sleep(2);
  return recovery.enter(await take(), 'token', 0);
}
const waiting = () => ctx.redis.lrange(keys.waitingJobs(0), '0', '-1');

test.each([
  ['recovered', 1, 8],
  ['alone', 2, 2],
] as const)(
  'of tasks that are %s a worker runs few; the others wait without a slot, and fresh ones pass',
  async (kind, deaths, most) => {
    const lost = await add(most + 2, deaths);
    const places: Place[] = [];
    for (let n = 0; n < most; n++) {
      const place = await enter();
      if (!place) throw new Error('no place');
      places.push(place);
    }
    expect(places.map(({ alone }) => alone)).toEqual(places.map(() => kind === 'alone'));
    expect([await enter(), await enter()]).toEqual([undefined, undefined]);
    // In the order of the estimated time of Redis, which may step back by milliseconds.
    const parked = await ctx.redis.zrange(keys.recovering(0, kind), '0', '-1');
    expect([...parked].sort()).toEqual(lost.slice(most).sort());
    expect(await ctx.redis.lrange(keys.activeJobs(0), '0', '-1')).toHaveLength(most);
    expect(await taskStatus(ctx, parked[0] ?? '')).toMatchObject({ status: 'PENDING', started_at: null });

    await add(1, 0);
    expect(await enter()).toMatchObject({ alone: false });

    places[0]?.leave();
    places[0]?.leave();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await waiting()).toEqual(parked.slice(0, 1));
    for (const place of places) place.leave();
  },
);

test('a task whose run finishes a step is not under suspicion any more, and makes room', async () => {
  const [id = ''] = await add(1, 1);
  const place = await enter();
  const log = await openTaskLog(ctx, { shard: 0, id, token: 'token', fresh: false, onPassed: place?.passed });
  const parked = await add(8, 1);
  for (let n = 0; n < 7; n++) await enter();
  expect(await enter()).toBeUndefined();
  // A tool call that is repeated may be the one that kills workers.
  await log.append({ type: 'tool_started', at: '', attempt: 1, call: '1:a', name: 'n', arguments: {} });
  expect(await ctx.redis.hget(keys.job(0, id), 'stc')).toBe('1');
  await log.append({ type: 'prompt', at: '', attempt: 1, system: 's', user: 'u' });
  expect(await ctx.redis.hget(keys.job(0, id), 'stc')).toBeNull();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await waiting()).toEqual(parked.slice(-1));
});

test('a lock that was lost by a worker that lives does not count, whether that tells first or the check of stalled jobs', async () => {
  const [late = '', early = ''] = await add(2, 1);
  await noteSurvived(ctx, 0, late);
  await ctx.redis.hset(keys.job(0, early), 'stc', 0);
  await noteSurvived(ctx, 0, early);
  await ctx.redis.hincrby(keys.job(0, early), 'stc', 1);
  for (const id of [late, early]) expect(await ctx.redis.hget(keys.job(0, id), 'stc')).toBe('0');
  await noteSurvived(ctx, 0, 'gone');
  expect(await ctx.redis.exists(keys.job(0, 'gone'))).toBe(0);
});
