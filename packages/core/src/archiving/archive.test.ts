import {
  type PostgresServer,
  postOf,
  startLossyLink,
  startPostgres,
  startS3Server,
  withPostgres,
} from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { UnrecoverableError, Worker } from 'bullmq';
import pg from 'pg';
import { testContext } from '../../test/context.js';
import { takeJob } from '../../test/take-job.js';
import { createAgent } from '../agents/create-agent.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import { patchAgent } from '../agents/update-agent.js';
import { type Archive, openArchive } from '../archive/archive.js';
import { deleteArchived, deleteExpired } from '../archive/erase-archived.js';
import { beginTurn } from '../archive/write-archived.js';
import { createBlobStore } from '../blobs/blob-store.js';
import { sweepBlobs } from '../blobs/task-blobs.js';
import type { Context } from '../context.js';
import { eraseEnded, eraseTask } from '../erasing/erase.js';
import { eraseTasks } from '../erasing/erase-many.js';
import { eraseNamed } from '../erasing/erase-named.js';
import { sweepExpiring } from '../erasing/retention.js';
import { sweepFinished } from '../erasing/sweep.js';
import { trigger } from '../intake/trigger.js';
import { ABOUT, OPTIONS_FIELD, type TaskData } from '../queue/job.js';
import { workerOptions } from '../queue/worker-options.js';
import { keys, TASK_QUEUE } from '../redis/keys.js';
import { continueTask } from '../tasks/continue.js';
import { BEGINNING } from '../tasks/events/event-cursor.js';
import { readEvents } from '../tasks/events/read-events.js';
import { countTasks } from '../tasks/list/count-tasks.js';
import { listTasks } from '../tasks/list/list-tasks.js';
import { taskHistogram } from '../tasks/list/task-histogram.js';
import { readAttachment } from '../tasks/read-attachment.js';
import { replayTask } from '../tasks/replay.js';
import { startSettling } from '../tasks/settle.js';
import { taskStatus } from '../tasks/status.js';
import { openTaskLog } from '../tasks/task-log.js';
import { taskTrace } from '../tasks/trace.js';
import { archiveBacklog } from './archive-backlog.js';
import { checkArchive } from './check-archive.js';
import { type MovePlaces, moveEnded } from './move-ended.js';

const archived = withPostgres(test);
const MARK = 'SOMEBODYS-SECRET';
const DAY_MS = 86_400_000;

let postgres: PostgresServer;
let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let archive: Archive;
let sql: pg.Client;
let worker: Worker<TaskData>;
let agentId: string;
let token: string;

const open = (url: string) => openArchive({ url, afterSeconds: 1, days: 30 }, ctx.log);

beforeAll(async () => {
  postgres = await startPostgres();
  env = await testContext();
  archive = openArchive({ url: postgres.url, afterSeconds: 1, days: 30 }, env.ctx.log);
  ctx = { ...env.ctx, archive };
  sql = new pg.Client(postgres.url);
  await sql.connect();
  worker = new Worker<TaskData>(TASK_QUEUE, null, workerOptions(ctx.redis, 0, 1));
  await worker.waitUntilReady();
});
beforeEach(async () => {
  await ctx.redis.flushdb();
  await beginTurn(archive);
  await sql.query('DELETE FROM agenthook_archive');
  ctx.archive = archive;
  agentId = (await createAgent(ctx, { name: 'a' }, 'sandbox:echo')).id;
  ({ token } = await mintWebhook(ctx, agentId, 0));
});
afterAll(async () => {
  await worker?.close();
  await sql?.end();
  await archive?.close();
  await env?.close();
  await postgres?.stop();
});

async function post(body: unknown = {}, headers: Record<string, string> = {}) {
  const outcome = await trigger(ctx, { token, ...postOf(JSON.stringify(body), headers) });
  if (!('task_id' in outcome)) throw new Error(JSON.stringify(outcome));
  return outcome;
}

const USAGE = { input_tokens: 3, output_tokens: 4, total_tokens: 7, cost_usd: null };

/** Runs the first task in line, and delivers its end. */
async function run(answer = MARK): Promise<string> {
  const job = await takeJob(ctx, worker);
  const [id, held] = [job.id ?? '', job.token ?? ''];
  const log = await openTaskLog(ctx, { shard: 0, id, token: held, fresh: true });
  const at = new Date().toISOString();
  await log.append(
    { type: 'prompt', at, attempt: 1, system: 's', user: MARK },
    {
      type: 'turn',
      at,
      attempt: 1,
      model: 'sandbox:echo',
      latency_ms: 1,
      input_tokens: 3,
      output_tokens: 4,
      cost_usd: null,
      result: { content: [{ type: 'text', text: answer }], finishReason: { unified: 'stop' } },
    },
  );
  const result = {
    answer,
    tool_calls: [],
    sources: [],
    thought: '',
    usage: USAGE,
    model: 'sandbox:echo',
    steps: 1,
  };
  await job.moveToCompleted(result as never, held, false);
  const settler = startSettling(ctx, async () => undefined);
  settler.wake();
  while ((await ctx.redis.zcard(keys.ended(0))) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await settler.stop();
  return id;
}

/** Moves everything that has ended. */
const move = async () => {
  env.advance(2_000);
  await moveEnded(ctx, archive, 0, Number.POSITIVE_INFINITY);
};
const rows = async () =>
  (await sql.query('SELECT id FROM agenthook_archive ORDER BY id')).rows.map(({ id }) => id);
const isInRedis = async (id: string) => (await ctx.redis.exists(keys.job(0, id))) === 1;

/** All that a reader sees of a task. */
const seen = async (id: string) => {
  const { archived: _, ...trace } = (await taskTrace(ctx, id)) ?? {};
  return { state: await taskStatus(ctx, id), trace, events: await readEvents(ctx, id, BEGINNING, 'all') };
};

archived('a moved task reads as before, and is no longer in Redis', async () => {
  const { task_id } = await post({ text: MARK, n: 1 }, { 'idempotency-key': 'k-1' });
  await run();
  const before = await seen(task_id);
  const [listed] = (await listTasks(ctx, {}, { limit: 9, include: ['payload', 'answer'] })).tasks;
  await move();
  expect(await isInRedis(task_id)).toBe(false);
  expect(await rows()).toEqual([task_id]);
  expect(await seen(task_id)).toEqual(before);
  expect(await taskTrace(ctx, task_id)).toMatchObject({ archived: true, payload: { text: MARK, n: 1 } });
  const again = await listTasks(ctx, {}, { limit: 9, include: ['payload', 'answer'] });
  expect(again).toEqual({ tasks: [{ ...listed, archived: true }], next_cursor: null });
  for (const filter of [
    { text: 'k-1' },
    { text: task_id.slice(0, 8) },
    { words: ['somebodys'] },
    { statuses: ['SUCCESS' as const] },
    { model: 'sandbox:echo', agentId },
  ])
    expect((await listTasks(ctx, filter, { limit: 9 })).tasks).toEqual([
      { ...listed, archived: true, payload_snippet: undefined, answer_snippet: undefined },
    ]);
  expect((await listTasks(ctx, { statuses: ['FAILURE'] }, { limit: 9 })).tasks).toEqual([]);
  // PostgreSQL has no such text, and would refuse the statement.
  const none = { conversationId: 'cnv_\0' };
  const found = await listTasks(ctx, none, { limit: 9 });
  expect([found.tasks, found.archive]).toEqual([[], undefined]);
  expect(await countTasks(ctx, none)).toEqual({ count: 0, more: false });
  expect(await ctx.redis.keys(`*${task_id}*`)).toEqual([]);
});

archived('pages have one order across the border, and counts have both sides', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 9; n++) {
    ids.unshift((await post({ n })).task_id);
    await run();
    env.advance(10);
    if (n === 4) await move();
  }
  expect(await rows()).toHaveLength(5);
  const found: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await listTasks(ctx, { agentId }, { limit: 2, cursor });
    found.push(...page.tasks.map(({ task_id }) => task_id));
    if (page.next_cursor === null) break;
    cursor = page.next_cursor;
  }
  expect(found).toEqual(ids);
  expect(await countTasks(ctx, { agentId })).toEqual({ count: 9, more: false });
  const span = { fromMs: Date.now() - DAY_MS, toMs: ctx.now() + 1_000, count: 1 };
  const { buckets } = await taskHistogram(ctx, {}, span);
  expect(buckets).toMatchObject([{ succeeded: 9, failed: 0 }]);
});

archived('a retry with the same key finds the archived task, another body is refused', async () => {
  const { task_id } = await post({ a: 1 }, { 'idempotency-key': 'once' });
  await run();
  await move();
  expect(await post({ a: 1 }, { 'idempotency-key': 'once' })).toMatchObject({
    task_id,
    outcome: 'duplicate',
  });
  const other = trigger(ctx, { token, ...postOf('{"a":2}', { 'idempotency-key': 'once' }) });
  expect(await other).toMatchObject({ outcome: 'rejected', code: 'idempotency_key_reused' });
  expect(await isInRedis(task_id)).toBe(false);
});

archived('an archived task is replayed, continued, and lists what was made from it', async () => {
  const { task_id } = await post({ text: MARK });
  await run();
  await move();
  const replay = await replayTask(ctx, task_id, {});
  const next = await continueTask(ctx, task_id, {});
  expect(await taskTrace(ctx, replay)).toMatchObject({ payload: { text: MARK }, replay_of: task_id });
  expect(await taskTrace(ctx, next)).toMatchObject({ payload: { text: MARK }, continued_from: task_id });
  expect(await taskTrace(ctx, task_id)).toMatchObject({ replays: [replay], continued_by: [next] });
});

archived('files move too, and go along with a replay', async () => {
  const form = new FormData();
  form.set('a', '1');
  form.set('file', new Blob(['file text'], { type: 'text/plain' }), 'a.txt');
  const request = new Request('http://x/', { method: 'POST', body: form });
  const body = Buffer.from(await request.arrayBuffer());
  const headers = { 'content-type': request.headers.get('content-type') ?? '' };
  const outcome = await trigger(ctx, { token, ...postOf(body, headers) });
  if (!('task_id' in outcome)) throw new Error(JSON.stringify(outcome));
  await run();
  await move();
  const file = await readAttachment(ctx, outcome.task_id ?? '', 0);
  expect(file).toMatchObject({ filename: 'a.txt', content: Buffer.from('file text') });
  const replay = await replayTask(ctx, outcome.task_id ?? '', {});
  expect((await readAttachment(ctx, replay, 0)).content.toString()).toBe('file text');
});

archived('erasing reaches the archive: one task, by key, by agent, by conversation', async () => {
  await patchAgent(ctx, agentId, { conversation: { key: '{{ payload.c }}' } });
  const ids: string[] = [];
  for (const key of ['k-0', 'k-1', 'k-2', 'k-3']) {
    ids.push((await post({ text: MARK, c: key }, { 'idempotency-key': key })).task_id);
    await run();
  }
  const conversationId = (await taskStatus(ctx, ids[2] ?? ''))?.conversation_id ?? '';
  await move();
  expect(await rows()).toHaveLength(4);
  await eraseTask(ctx, ids[0] ?? '');
  await expect(eraseTask(ctx, ids[0] ?? '')).rejects.toMatchObject({ code: 'unknown_task' });
  expect(await post({ text: 'new' }, { 'idempotency-key': 'k-0' })).toMatchObject({ outcome: 'accepted' });
  const all = { beforeMs: ctx.now() + 1_000, cancel: false };
  expect(await eraseNamed(ctx, { ...all, idempotencyKey: 'k-1' })).toMatchObject({ erased: 1 });
  expect(await eraseNamed(ctx, { ...all, conversationId })).toMatchObject({ erased: 1 });
  expect(await rows()).toEqual([ids[3]]);
  expect(await eraseTasks(ctx, { ...all, agentId })).toMatchObject({ erased: 1, remaining: 0 });
  expect(await rows()).toEqual([]);
});

archived(
  'erasing a task that a restore of Redis has brought back leaves nothing in the archive',
  async () => {
    const { task_id } = await post({ text: MARK });
    await run();
    const job = await ctx.redis.dumpBuffer(keys.job(0, task_id));
    await move();
    await ctx.redis.restore(keys.job(0, task_id), 0, job as Buffer);
    await eraseTask(ctx, task_id);
    expect(await rows()).toEqual([]);
    expect(await taskStatus(ctx, task_id)).toBeUndefined();
  },
);

archived('files in the blob store stay with their archived task, and go with it', async () => {
  const secrets = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const server = await startS3Server(secrets);
  const blobs = createBlobStore({ url: server.url, region: 'us-east-1', ...secrets });
  const { task_id } = await post();
  await blobs.put(`${task_id}/0`, Buffer.from('file'));
  await run();
  await ctx.redis.zadd(keys.blobs(0), 0, task_id);
  await move();
  expect(await ctx.redis.zrange(keys.archivedBlobs(0), '0', '-1')).toEqual([task_id]);
  // A process without the archive knows nothing of it.
  for (const each of [
    { ...ctx, archive: undefined, blobs },
    { ...ctx, blobs },
  ]) {
    await sweepBlobs(each);
    await eraseEnded(each, 0, [task_id], { expires: true });
    expect(server.objects.size).toBe(1);
  }
  await deleteArchived(archive, [task_id]);
  await ctx.redis.zadd(keys.archivedBlobs(0), 0, task_id);
  await sweepBlobs({ ...ctx, blobs });
  expect(server.objects.size).toBe(0);
  expect(await ctx.redis.exists(keys.blobs(0), keys.archivedBlobs(0), keys.releasedBlobs(0))).toBe(0);
  await server.close();
});

archived('what was erased while it was being moved does not stay in the archive', async () => {
  const { task_id } = await post({ text: MARK });
  await run();
  env.advance(2_000);
  // A process has stored the row, and died before it removed the task.
  await ctx.redis.hset(keys.moving(0), task_id, '0');
  await sql.query(
    `INSERT INTO agenthook_archive (id, status, head, texts, agent_id, created_ms, finished_ms, key_hashes)
     VALUES ($1, 'SUCCESS', '{}', '', $2, 1, $3, '{}')`,
    [task_id, agentId, Date.now()],
  );
  await eraseTask(ctx, task_id);
  await moveEnded(ctx, archive, 0, Number.POSITIVE_INFINITY);
  expect(await rows()).toEqual([]);
  expect(await ctx.redis.hlen(keys.moving(0))).toBe(0);
});

archived('a process whose turn is over neither stores nor removes anything', async () => {
  const { task_id } = await post();
  await run();
  env.advance(2_000);
  const late: Archive = {
    ...archive,
    transaction: async (work) => {
      await beginTurn(archive);
      return await archive.transaction(work);
    },
  };
  await moveEnded(ctx, late, 0, Number.POSITIVE_INFINITY);
  expect(await rows()).toEqual([]);
  expect(await isInRedis(task_id)).toBe(true);
  await move();
  expect(await rows()).toEqual([task_id]);
});

archived(
  'while PostgreSQL is away nothing moves, readers of what may be there get 503, lists say so',
  async () => {
    const { task_id } = await post({ text: MARK });
    await run();
    await move();
    const stays = (await post()).task_id;
    await run();
    env.advance(2_000);
    const gone = open(`${postgres.url.replace(/:\d+\//, ':1/')}`);
    const away = { ...ctx, archive: gone };
    await expect(moveEnded(away, gone, 0, Number.POSITIVE_INFINITY)).rejects.toMatchObject({
      code: 'archive_unavailable',
    });
    expect(await isInRedis(stays)).toBe(true);
    await expect(taskStatus(away, task_id)).rejects.toMatchObject({ code: 'archive_unavailable' });
    expect(await taskStatus(away, stays)).toMatchObject({ status: 'SUCCESS' });
    const list = await listTasks(away, {}, { limit: 9 });
    expect(list).toMatchObject({ archive: 'unavailable', next_cursor: null });
    expect(list.tasks.map((task) => task.task_id)).toEqual([stays]);
    expect(await countTasks(away, {})).toEqual({ count: 1, more: true, archive: 'unavailable' });
    await expect(listTasks(away, {}, { limit: 9, isWhole: true })).rejects.toMatchObject({
      code: 'archive_unavailable',
    });
    // The archive may have the same task.
    await expect(eraseTask(away, stays)).rejects.toMatchObject({ code: 'archive_unavailable' });
    expect(await isInRedis(stays)).toBe(true);
    expect(gone.problem()).toMatch(/ECONNREFUSED/);
    await gone.close();
    // Ordinary retention goes on.
    env.advance(4_000_000);
    await sweepFinished(away);
    expect(await isInRedis(stays)).toBe(false);
  },
);

/** A rule of the database's owner that refuses rows of one agent. */
const refusing = async (agent: string) => {
  await sql.query(`ALTER TABLE agenthook_archive ADD CONSTRAINT refused CHECK (agent_id <> '${agent}')`);
  return () => sql.query('ALTER TABLE agenthook_archive DROP CONSTRAINT refused');
};

archived('a task that PostgreSQL refuses stays, is told, and does not stop the others', async () => {
  const other = (await createAgent(ctx, { name: 'b' }, 'sandbox:echo')).id;
  const refused = (await post()).task_id;
  await run();
  ({ token } = await mintWebhook(ctx, other, 0));
  const taken = [(await post({ n: 1 })).task_id, (await post({ n: 2 })).task_id];
  await run();
  await run();
  const logged: unknown[] = [];
  const log = {
    ...ctx.log,
    error: (fields: object) => void logged.push(fields),
  } as unknown as Context['log'];
  const telling = { ...ctx, log };
  const moveAll = async () => {
    env.advance(2_000);
    await moveEnded(telling, archive, 0, Number.POSITIVE_INFINITY);
  };
  const allow = await refusing(agentId);
  for (let n = 0; n < 3; n++) await moveAll();
  expect(await rows()).toEqual(taken.sort());
  expect(await isInRedis(refused)).toBe(true);
  expect(logged).toEqual([{ taskId: refused, reason: expect.stringMatching(/^23514 .*"refused"/) }]);
  expect(archive.problem()).toBeUndefined();
  expect(await archiveBacklog(ctx)).toMatchObject({
    tasks: 0,
    oldestMs: undefined,
    refused: 1,
    example: { id: refused },
  });
  expect(await checkArchive(ctx, [])).toEqual([
    expect.stringMatching(`refused 1 finished task.*${refused}: 23514`),
  ]);
  env.advance(10 * 60_000);
  await moveAll();
  expect(logged).toHaveLength(1);
  await allow();
  env.advance(10 * 60_000);
  await moveAll();
  expect(await rows()).toEqual([...taken, refused].sort());
  expect(await ctx.redis.exists(keys.refusedTasks(0), keys.moving(0))).toBe(0);
});

archived('a refused task that is erased is no longer counted', async () => {
  const { task_id } = await post();
  await run();
  const allow = await refusing(agentId);
  await move();
  await allow();
  expect((await archiveBacklog(ctx)).refused).toBe(1);
  await eraseTask(ctx, task_id);
  expect((await archiveBacklog(ctx)).refused).toBe(0);
  await move();
  expect(await rows()).toEqual([]);
});

archived.each<[string, (id: string) => Promise<unknown>]>([
  ['a time that is none', (id) => ctx.redis.hset(keys.job(0, id), 'timestamp', 'x')],
  ['a journal of another type', (id) => replaced(keys.taskLog(0, id))],
  ['a broken event', (id) => ctx.redis.rpush(keys.taskEvents(0, id), '{"once":\n{}')],
  ['a parent that is none', (id) => damagedAbout(id, { parent: 'x' })],
  ['a key that is none', (id) => damagedAbout(id, { key: { a: 1 } })],
])('a damaged task does not stop the others: %s', async (_what, damage) => {
  const { task_id: bad } = await post();
  const { task_id: sound } = await post();
  await run();
  await run();
  await damage(bad);
  await move();
  expect(await isInRedis(sound)).toBe(false);
  expect(await rows()).toContain(sound);
});

async function replaced(key: string) {
  await ctx.redis.del(key);
  await ctx.redis.set(key, 'x');
}

async function damagedAbout(id: string, about: object) {
  const job = keys.job(0, id);
  const options = JSON.parse((await ctx.redis.hget(job, OPTIONS_FIELD)) ?? '');
  const damaged = { ...options, [ABOUT]: { ...options[ABOUT], ...about } };
  await ctx.redis.hset(job, OPTIONS_FIELD, JSON.stringify(damaged));
}

/** As much as a turn does that has no time at all. */
const step = (places?: MovePlaces) => moveEnded(ctx, archive, 0, performance.now(), places);

archived('a failed task does not wait until all that succeeded have moved', async () => {
  const { task_id: failed } = await post();
  const job = await takeJob(ctx, worker);
  await job.moveToFailed(new UnrecoverableError('{}'), job.token ?? '', false);
  for (let n = 0; n < 60; n++) await post();
  for (let n = 0; n < 60; n++) await run('a');
  env.advance(2_000);
  await step();
  expect(await isInRedis(failed)).toBe(false);
  expect(await ctx.redis.zcard(keys.completedJobs(0))).toBeGreaterThan(0);
});

archived('tasks that cannot be moved yet do not stop those behind them, turn by turn', async () => {
  for (let n = 0; n < 110; n++) await post();
  let last = '';
  for (let n = 0; n < 110; n++) {
    last = await run('a');
    // Its texts are still to be removed.
    if (n < 109) await ctx.redis.zadd(keys.emptying(0), 0, last);
  }
  env.advance(2_000);
  const places: MovePlaces = new Map();
  for (let n = 0; n < 4; n++) await step(places);
  expect(await rows()).toEqual([last]);
});

archived(
  'a reader by id does not wait for an archive that hangs as long as a statement may take',
  async () => {
    const { task_id } = await post();
    await run();
    await move();
    const link = await startLossyLink(postgres.port);
    const hanging = open(postgres.url.replace(/:\d+\//, `:${link.port}/`));
    const through = { ...ctx, archive: hanging };
    expect(await taskStatus(through, task_id)).toMatchObject({ status: 'SUCCESS' });
    link.swallow();
    const began = performance.now();
    await expect(taskStatus(through, task_id)).rejects.toMatchObject({ code: 'archive_unavailable' });
    expect(performance.now() - began).toBeLessThan(9_000);
    await link.close();
    await hanging.close();
  },
);

archived("retention: the archive's own, the agent's, and one that has changed since", async () => {
  const { task_id: old } = await post();
  await run();
  await patchAgent(ctx, agentId, { retention: { days: 5 } });
  const { task_id: short } = await post();
  await run();
  await move();
  const end = async (id: string) =>
    (await sql.query('SELECT expires_ms - finished_ms AS ms FROM agenthook_archive WHERE id = $1', [id]))
      .rows[0];
  await patchAgent(ctx, agentId, { retention: { days: 3 } });
  await sweepExpiring(ctx);
  expect([await end(old), await end(short)]).toEqual([
    { ms: String(3 * DAY_MS) },
    { ms: String(3 * DAY_MS) },
  ]);
  await patchAgent(ctx, agentId, { retention: { days: null } });
  await sweepExpiring(ctx);
  expect(await end(old)).toEqual({ ms: null });
  await deleteExpired(archive, ctx.now() + 29 * DAY_MS);
  expect(await rows()).toHaveLength(2);
  await deleteExpired(archive, ctx.now() + 31 * DAY_MS);
  expect(await rows()).toEqual([]);
});

archived('a newer archive is not touched', async () => {
  await sql.query('UPDATE agenthook_archive_version SET version = version + 1');
  const old = open(postgres.url);
  await expect(old.query('SELECT 1')).rejects.toMatchObject({ code: 'archive_unavailable' });
  expect(old.problem()).toMatch(/newer/);
  await old.close();
  await sql.query('UPDATE agenthook_archive_version SET version = version - 1');
});
