import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { postOf, startLossyLink, withPostgres } from '@agenthook/testing';
import { beforeEach, expect, test } from '@jest/globals';
import type pg from 'pg';
import {
  archiveStage,
  move as moveAll,
  openAt,
  post as postTo,
  rowsOf,
  run as runFirst,
} from '../../test/archive-stage.js';
import type { Archive } from '../archive/archive.js';
import { beginTurn } from '../archive/write-archived.js';
import type { Context } from '../context.js';
import { eraseTask } from '../erasing/erase.js';
import { sweepFinished } from '../erasing/sweep.js';
import { trigger } from '../intake/trigger.js';
import { keys } from '../redis/keys.js';
import { createSeal } from '../sealing/seal.js';
import { continueTask } from '../tasks/continue.js';
import { BEGINNING } from '../tasks/events/event-cursor.js';
import { readEvents } from '../tasks/events/read-events.js';
import { countTasks } from '../tasks/list/count-tasks.js';
import { listTasks } from '../tasks/list/list-tasks.js';
import { taskHistogram } from '../tasks/list/task-histogram.js';
import { readAttachment } from '../tasks/read-attachment.js';
import { replayTask } from '../tasks/replay.js';
import { taskStatus } from '../tasks/status.js';
import { taskTrace } from '../tasks/trace.js';
import { moveEnded } from './move-ended.js';

const archived = withPostgres(test);
const MARK = 'SOMEBODYS-SECRET';
const DAY_MS = 86_400_000;

const stage = archiveStage();
let ctx: Context;
let archive: Archive;
let sql: pg.Client;
let agentId: string;
beforeEach(() => {
  ({ ctx, archive, sql, agentId } = stage);
});

const post = (body?: unknown, headers?: Record<string, string>) => postTo(stage, body, headers);
const run = (answer = MARK) => runFirst(stage, answer);
const move = () => moveAll(stage);
const rows = () => rowsOf(stage);
const isInRedis = async (id: string) => (await ctx.redis.exists(keys.job(0, id))) === 1;
const open = (url: string) => openAt(ctx, url);

/** All that a reader sees of a task. */
const seen = async (id: string) => {
  const { archived: _, ...trace } = (await taskTrace(ctx, id)) ?? {};
  return { state: await taskStatus(ctx, id), trace, events: await readEvents(ctx, id, BEGINNING, 'all') };
};

archived('a sealed task moves as it is, and reads as before', async () => {
  const seal = createSeal(true, ctx.secrets, ctx.redis);
  stage.ctx = ctx = { ...ctx, seal };
  const { task_id } = await post({ text: MARK });
  await run();
  const before = await seen(task_id);
  await move();
  expect(await isInRedis(task_id)).toBe(false);
  expect(await seen(task_id)).toEqual(before);
  expect(await taskTrace(ctx, task_id)).toMatchObject({ archived: true, payload: { text: MARK } });
  const [row] = (await sql.query('SELECT texts FROM agenthook_archive')).rows;
  expect(row.texts.toString('latin1')).toMatch(/^s\d+:/);
  expect((await listTasks(ctx, { words: ['somebodys'] }, { limit: 9 })).tasks).toHaveLength(1);
  stage.ctx = ctx = { ...ctx, seal: createSeal(false, ctx.secrets, ctx.redis) };
});

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
    stage.advance(10);
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
  const other = trigger(ctx, { token: stage.token, ...postOf('{"a":2}', { 'idempotency-key': 'once' }) });
  expect(await other).toMatchObject({ outcome: 'rejected', code: 'idempotency_key_reused' });
  expect(await isInRedis(task_id)).toBe(false);
});

archived('an archived task is replayed, continued, and lists what was made from it', async () => {
  const { task_id } = await post({ text: MARK });
  await run();
  await move();
  const { task_id: replay } = await replayTask(ctx, task_id, {});
  const { task_id: next } = await continueTask(ctx, task_id, {});
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
  const outcome = await trigger(ctx, { token: stage.token, ...postOf(body, headers) });
  if (!('task_id' in outcome)) throw new Error(JSON.stringify(outcome));
  await run();
  await move();
  const file = await readAttachment(ctx, outcome.task_id ?? '', 0);
  expect(file).toMatchObject({ filename: 'a.txt', content: Buffer.from('file text') });
  const { task_id: replay } = await replayTask(ctx, outcome.task_id ?? '', {});
  expect((await readAttachment(ctx, replay, 0)).content.toString()).toBe('file text');
});

archived('a process whose turn is over neither stores nor removes anything', async () => {
  const { task_id } = await post();
  await run();
  stage.advance(2_000);
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
    stage.advance(2_000);
    const gone = open(`${stage.postgres.url.replace(/:\d+\//, ':1/')}`);
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
    stage.advance(4_000_000);
    await sweepFinished(away);
    expect(await isInRedis(stays)).toBe(false);
  },
);

archived(
  'a reader by id does not wait for an archive that hangs as long as a statement may take',
  async () => {
    const { task_id } = await post();
    await run();
    await move();
    const link = await startLossyLink(stage.postgres.port);
    const hanging = open(stage.postgres.url.replace(/:\d+\//, `:${link.port}/`));
    const through = { ...ctx, archive: hanging };
    expect(await taskStatus(through, task_id)).toMatchObject({ status: 'SUCCESS' });
    // Connections stay open, new ones are accepted, and nothing answers.
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    link.pointTo((silent.address() as AddressInfo).port);
    link.swallow();
    // Each bound has room for a slow machine: PostgreSQL alone would take 10 s.
    const within = async <Answer>(ms: number, answer: () => Promise<Answer>): Promise<Answer> => {
      const began = performance.now();
      const given = await answer();
      expect(performance.now() - began).toBeLessThan(ms);
      return given;
    };
    const read = () =>
      expect(taskStatus(through, task_id)).rejects.toMatchObject({ code: 'archive_unavailable' });
    await within(6_000, read);
    const lists: (() => Promise<object>)[] = [
      () => listTasks(through, {}, { limit: 9 }),
      () => countTasks(through, {}),
      () => taskHistogram(through, {}, { fromMs: 0, toMs: ctx.now(), count: 1 }),
    ];
    for (const list of lists) expect(await within(6_000, list)).toMatchObject({ archive: 'unavailable' });
    // While one reader asks again whether it is there, others do not wait.
    const all = Array.from({ length: 50 }, () => listTasks(through, {}, { limit: 9 }));
    expect(await within(6_000, () => Promise.race(all))).toMatchObject({ archive: 'unavailable' });
    await Promise.all(all);
    await link.close();
    await hanging.close();
    silent.close();
  },
);

archived('a newer archive is not touched', async () => {
  await sql.query('UPDATE agenthook_archive_version SET version = version + 1');
  const old = open(stage.postgres.url);
  await expect(old.query('SELECT 1')).rejects.toMatchObject({ code: 'archive_unavailable' });
  expect(old.problem()).toMatch(/newer/);
  await old.close();
  await sql.query('UPDATE agenthook_archive_version SET version = version - 1');
});
