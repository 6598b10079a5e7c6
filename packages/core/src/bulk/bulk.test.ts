import { type BulkJob, MAX_OPEN_BULK_JOBS } from '@agenthook/contracts';
import { postOf, startS3Server, until } from '@agenthook/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { TEST_SECRET_KEY, testContext } from '../../test/context.js';
import { createAgent } from '../agents/create-agent.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import { patchAgent } from '../agents/update-agent.js';
import { createBlobStore } from '../blobs/blob-store.js';
import type { Context } from '../context.js';
import { createDelivery } from '../deliveries/delivery-log.js';
import { listRejections } from '../intake/list-rejections.js';
import { trigger } from '../intake/trigger.js';
import { deliveryIdOf } from '../queue/delivery-id.js';
import { FIRST_STARTED_FIELD } from '../queue/job.js';
import { keys, textHash } from '../redis/keys.js';
import { createSecretBox } from '../secrets/secret-box.js';
import { cancelTask } from '../tasks/cancel.js';
import { listTasks } from '../tasks/list/list-tasks.js';
import { readAttachment } from '../tasks/read-attachment.js';
import { taskStatus } from '../tasks/status.js';
import type { BulkFilter } from './bulk-filter.js';
import { createBulk, getBulk, listBulk, type StoredBulk, stopBulk } from './bulk-store.js';
import { claimBulkScript } from './claim-bulk.script.js';
import { countBulk } from './count-bulk.js';
import { handleItem } from './handle-item.js';
import { runBulkSlice } from './run-bulk.js';
import { startBulk } from './start-bulk.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(() => ctx.redis.flushdb());
afterEach(async () => {
  await Promise.all(stops.map((stop) => stop()));
  stops = [];
});
afterAll(() => env?.close());

async function agent(rest = {}) {
  const { id } = await createAgent(ctx, { name: 'a', ...rest }, 'sandbox:echo');
  const { token } = await mintWebhook(ctx, id, 0);
  const post = async (payload: unknown) => {
    const outcome = await trigger(ctx, { token, ...postOf(JSON.stringify(payload)) });
    return 'task_id' in outcome ? outcome.task_id : outcome.outcome;
  };
  return { id, token, post };
}

const tasksOf = (agentId: string, more = {}): BulkFilter => ({
  of: 'tasks',
  tasks: { agentId, toMs: ctx.now() + 1, ...more },
});

const create = async (action: BulkJob['action'], filter: BulkFilter | null, items: string[] = []) =>
  (await createBulk(ctx, { action, filter, given: filter, created_by: 'ada' }, items)).job;

const work = () => stops.push(startBulk(ctx));

async function finished({ id }: BulkJob): Promise<BulkJob> {
  await until('the job is finished', async () => (await getBulk(ctx, id)).finished_at !== null);
  return await getBulk(ctx, id);
}

const list = async (agentId: string) => (await listTasks(ctx, { agentId }, { limit: 100 })).tasks;

/** Ends a task as a worker would. */
async function fail(id: string): Promise<void> {
  await cancelTask(ctx, id);
}

test('what matches is counted, and cancelled; what comes later is left alone', async () => {
  const { id, post } = await agent();
  const other = await agent();
  const waiting = await Promise.all(Array.from({ length: 230 }, () => post({})));
  const foreign = await other.post({});
  const filter = tasksOf(id, { statuses: ['PENDING'] });
  expect(await countBulk(ctx, filter)).toEqual({ matching: 230, is_complete: true });
  env.advance(5);
  const job = await create('cancel', filter);
  expect(job).toMatchObject({ action: 'cancel', state: 'counting', total: 0, created_by: 'ada' });
  env.advance(5);
  const late = await post({});
  work();
  expect(await finished(job)).toMatchObject({ state: 'done', total: 230, done: 230, skipped: 0, failed: 0 });
  for (const task of [waiting[0], waiting.at(-1)])
    expect((await taskStatus(ctx, task ?? ''))?.result).toMatchObject({ error: { code: 'cancelled' } });
  for (const task of [foreign, late]) expect((await taskStatus(ctx, task))?.status).toBe('PENDING');
  expect((await listBulk(ctx)).map((each) => each.id)).toEqual([job.id]);
});

test('an item that has changed since, or is gone, is skipped with its reason', async () => {
  const { id, post } = await agent();
  const [ended, gone, started] = [await post({}), await post({}), await post({})];
  await cancelTask(ctx, ended);
  env.advance(10);
  const named = await create('cancel', null, [ended, '5e1f6a70-93c4-8b1d-a2e4-0d9f8c7b6a51']);
  const filtered = await create('cancel', tasksOf(id, { statuses: ['PENDING'] }));
  // Collected, but not begun.
  const token = 'first';
  const open = { open: keys.openBulkJobs };
  await claimBulkScript(ctx.redis, open, { prefix: keys.bulkPrefix, token, most: 9, leaseMs: 1 });
  const aborted = AbortSignal.abort();
  await runBulkSlice(ctx, filtered.id, { token, signal: aborted });
  work();
  expect((await finished(named)).reasons).toEqual([
    { outcome: 'skipped', code: 'task_finished', title: expect.any(String), count: 1, examples: [ended] },
    expect.objectContaining({ outcome: 'skipped', code: 'unknown_task', count: 1 }),
  ]);
  await finished(filtered);
  expect((await taskStatus(ctx, gone))?.status).toBe('FAILURE');
  expect((await taskStatus(ctx, started))?.status).toBe('FAILURE');
});

test('replays run in the order of their events, and only some of them wait at a time', async () => {
  const { id, post } = await agent({ limits: { max_pending: 60 } });
  const events: string[] = [];
  for (let n = 0; n < 50; n++) {
    events.push(await post({ n }));
    await fail(events[n] ?? '');
  }
  const job = await create('replay', tasksOf(id, { statuses: ['FAILURE'] }));
  work();
  await until('it waits', async () => (await getBulk(ctx, job.id)).waiting_for === 'backlog');
  expect(await getBulk(ctx, job.id)).toMatchObject({ state: 'running', total: 50, done: 20 });
  /** When the replay of each event was made. Those of one millisecond are listed in any order. */
  const made = new Map<unknown, string>();
  const startAll = async () => {
    const waiting = (await list(id)).filter(({ status }) => status === 'PENDING');
    for (const { task_id, replay_of, created_at } of waiting) {
      made.set(replay_of, created_at);
      await ctx.redis.hset(keys.job(0, task_id), FIRST_STARTED_FIELD, ctx.now());
      await cancelTask(ctx, task_id);
    }
  };
  await until('all are replayed', async () => {
    await startAll();
    return (await getBulk(ctx, job.id)).state === 'done';
  });
  await startAll();
  const times = events.map((event) => made.get(event) ?? 'never');
  expect(times).toEqual([...times].sort());
  expect(made.size).toBe(50);
  expect(await getBulk(ctx, job.id)).toMatchObject({ done: 50, failed: 0, waiting_for: null });
});

test('a job whose process died goes on elsewhere, and makes no task twice', async () => {
  const { id, post } = await agent();
  const events = await Promise.all(Array.from({ length: 5 }, () => post({})));
  await Promise.all(events.map(fail));
  const job = await create('replay', tasksOf(id));
  const claim = (token: string) =>
    claimBulkScript(
      ctx.redis,
      { open: keys.openBulkJobs },
      { prefix: keys.bulkPrefix, token, most: 1, leaseMs: 100 },
    );
  expect(await claim('dies')).toEqual([job.id]);
  expect(await claim('other')).toEqual([]);
  // It has made the tasks, but dies before it can count any of them.
  const dying: Context = Object.create(ctx, {
    redis: {
      value: new Proxy(ctx.redis, {
        get: (redis, name) => {
          const value = Reflect.get(redis, name);
          if (name !== 'evalsha' && name !== 'eval')
            return typeof value === 'function' ? value.bind(redis) : value;
          return (...args: unknown[]) =>
            args.includes(keys.bulkItems(job.id)) && args.includes('done')
              ? Promise.reject(new Error('Connection is closed.'))
              : Reflect.apply(value, redis, args);
        },
      }),
    },
  });
  for (let n = 0; n < 2; n++)
    await runBulkSlice(dying, job.id, { token: 'dies', signal: new AbortController().signal }).catch(
      () => {},
    );
  const before = (await list(id)).filter(({ trigger }) => trigger === 'replay');
  expect(before).toHaveLength(1);
  expect(await getBulk(ctx, job.id)).toMatchObject({ total: 5, done: 0 });
  // Its lease ends.
  await ctx.redis.zadd(keys.openBulkJobs, 'XX', 0, job.id);
  work();
  expect(await finished(job)).toMatchObject({ done: 5, failed: 0 });
  const replays = (await list(id)).filter(({ trigger }) => trigger === 'replay');
  expect(replays.map(({ replay_of }) => replay_of).toSorted()).toEqual(events.toSorted());
});

test('a replay that is tried again with a new secret key makes no second task', async () => {
  const { id, post } = await agent();
  const event = await post({});
  await fail(event);
  const { id: jobId } = await create('replay', null, [event]);
  const job = { id: jobId, about: { action: 'replay' } } as StoredBulk;
  const first = await handleItem(ctx, job, event);
  const box = createSecretBox('the next key of enough length', TEST_SECRET_KEY);
  const rotating: Context = Object.create(ctx, { secrets: { value: box } });
  expect(await handleItem(rotating, job, event)).toEqual(first);
  expect((await list(id)).filter(({ trigger }) => trigger === 'replay')).toHaveLength(1);
});

test('a stopped job leaves the rest; an ended one stays as it is', async () => {
  const { id, post } = await agent();
  for (let n = 0; n < 30; n++) await fail(await post({}));
  const job = await create('replay', tasksOf(id));
  work();
  await until('it has begun', async () => (await getBulk(ctx, job.id)).done > 0);
  const stopped = await stopBulk(ctx, job.id);
  expect(stopped).toMatchObject({ state: 'stopped', finished_at: expect.any(String) });
  expect(stopped.done).toBeLessThan(30);
  const again = await stopBulk(ctx, job.id);
  expect(again.finished_at).toBe(stopped.finished_at);
  await expect(stopBulk(ctx, 'blk_none')).rejects.toMatchObject({ code: 'unknown_bulk_job' });
});

test('purging erases ended tasks and skips the others', async () => {
  const { id, post } = await agent();
  const [ended, open] = [await post({}), await post({})];
  await fail(ended);
  const job = await create('purge', tasksOf(id));
  work();
  expect(await finished(job)).toMatchObject({
    done: 1,
    skipped: 1,
    reasons: [{ outcome: 'skipped', code: 'task_not_finished', count: 1, examples: [open] }],
  });
  expect(await taskStatus(ctx, ended)).toBeUndefined();
});

test('rejections are accepted by code, of one agent or all, each once', async () => {
  const schema = { type: 'object', required: ['n'] };
  const { id, post } = await agent({ input_schema: schema });
  const other = await agent({ input_schema: schema });
  expect([await post({}), await other.post({})]).toEqual(['rejected', 'rejected']);
  await until('they are kept', async () => {
    const both = await Promise.all([id, other.id].map((each) => listRejections(ctx, each, { limit: 9 })));
    return both.every(({ rejections }) => rejections.length === 1);
  });
  const filter = (more = {}): BulkFilter => ({
    of: 'rejections',
    rejections: { shelf: 'rejected', ...more },
  });
  expect(await countBulk(ctx, filter({ code: 'rate_limited' }))).toEqual({ matching: 0, is_complete: true });
  expect(await countBulk(ctx, filter({ code: 'invalid_payload' }))).toEqual({
    matching: 2,
    is_complete: true,
  });
  await patchAgent(ctx, id, { input_schema: null }, { savedBy: null, ifVersion: undefined });
  const job = await create('accept', filter());
  work();
  expect(await finished(job)).toMatchObject({
    done: 1,
    failed: 1,
    reasons: [{ outcome: 'failed', code: 'invalid_payload', count: 1 }],
  });
  expect((await list(id)).map(({ trigger }) => trigger)).toEqual(['rejection']);
  expect(await countBulk(ctx, filter({ agentId: id }))).toEqual({ matching: 0, is_complete: true });
});

test('callbacks are resent by their state, and one round is started however often a job tries', async () => {
  const { id, post } = await agent({ callback: { url: 'https://example.com/hook' } });
  const [skipped, delivered] = [await post({}), await post({})];
  const about = (task: string) => ({
    id: deliveryIdOf(task),
    agentId: id,
    type: 'task.failed' as const,
    url: 'https://example.com/old',
  });
  await createDelivery(ctx, 0, { ...about(skipped), skipped: 'callback_disabled' });
  await createDelivery(ctx, 0, about(delivered));
  await ctx.redis.hset(keys.delivery(0, deliveryIdOf(delivered)), 'status', 'delivered');
  const job = await create('resend', { of: 'deliveries', deliveries: { statuses: ['skipped', 'failed'] } });
  work();
  expect(await finished(job)).toMatchObject({ total: 1, done: 1 });
  const entry = await ctx.redis.hgetall(keys.delivery(0, deliveryIdOf(skipped)));
  expect(entry).toMatchObject({ status: 'pending', round: '1', url: 'https://example.com/hook' });
});

test('an idempotency key makes one job, another body is refused, and a full list is no obstacle', async () => {
  const input = { action: 'cancel', ids: ['x'] } as const;
  const about = { action: 'cancel', filter: null, given: null, created_by: null } as const;
  const send = (key: string, body: unknown = input) => createBulk(ctx, about, ['x'], { key, body });
  const answers = await Promise.all(Array.from({ length: 5 }, () => send('once')));
  expect(new Set(answers.map(({ job }) => job.id)).size).toBe(1);
  expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
  await expect(send('once', { ...input, ids: ['y'] })).rejects.toMatchObject({
    code: 'idempotency_key_reused',
  });
  for (let n = 1; n < MAX_OPEN_BULK_JOBS; n++) await send(`k-${n}`);
  await expect(send('more')).rejects.toMatchObject({ code: 'too_many_bulk_jobs' });
  expect(await send('once')).toMatchObject({ job: { id: answers[0]?.job.id }, isNew: false });
  expect(await ctx.redis.ttl(keys.bulkOnce(textHash('once')))).toBeGreaterThan(86_000);
});

test('while the store of files is away, a replay waits and says so; a file that is gone is one failure', async () => {
  const secrets = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const server = await startS3Server(secrets);
  ctx.blobs = createBlobStore({ url: server.url, region: 'us-east-1', ...secrets });
  try {
    const { id, token } = await agent();
    const withFile = async (name: string) => {
      const form = new FormData();
      form.set('file', new Blob([name], { type: 'text/plain' }), name);
      const request = new Request('http://x/', { method: 'POST', body: form });
      const headers = { 'content-type': request.headers.get('content-type') ?? '' };
      const post = postOf(Buffer.from(await request.arrayBuffer()), headers);
      const outcome = await trigger(ctx, { token, ...post });
      return 'task_id' in outcome && outcome.task_id ? outcome.task_id : '';
    };
    const [gone, kept] = [await withFile('gone.txt'), await withFile('kept.txt')];
    for (const name of server.objects.keys()) if (name.includes(gone)) server.objects.delete(name);
    server.fail(503);
    const job = await create('replay', tasksOf(id));
    work();
    await until('it waits', async () => (await getBulk(ctx, job.id)).waiting_for === 'files');
    expect(await getBulk(ctx, job.id)).toMatchObject({ state: 'running', done: 0, failed: 0 });
    server.fail(undefined);
    expect(await finished(job)).toMatchObject({
      done: 1,
      failed: 1,
      waiting_for: null,
      reasons: [{ code: 'attachments_unavailable', examples: [gone] }],
    });
    const made = (await list(id)).filter(({ replay_of }) => replay_of === kept);
    expect((await readAttachment(ctx, made[0]?.task_id ?? '', 0)).content.toString()).toBe('kept.txt');
  } finally {
    ctx.blobs = undefined;
    await server.close();
  }
});

test('only so many jobs may be unfinished', async () => {
  const { id } = await agent();
  for (let n = 0; n < 20; n++) await create('cancel', tasksOf(id));
  await expect(create('cancel', tasksOf(id))).rejects.toMatchObject({ code: 'too_many_bulk_jobs' });
});

test('a reason that only a newer worker knows is shown by its code', async () => {
  const job = await create('cancel', null, ['a']);
  await ctx.redis.hset(keys.bulkJob(job.id), {
    'n:failed:from_the_future': 1,
    'x:failed:from_the_future': 'a',
  });
  const reasons = [
    { outcome: 'failed', code: 'from_the_future', title: 'from_the_future', count: 1, examples: ['a'] },
  ];
  expect((await getBulk(ctx, job.id)).reasons).toEqual(reasons);
});
