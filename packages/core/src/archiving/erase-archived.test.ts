import { startS3Server, withPostgres } from '@agenthook/testing';
import { beforeEach, expect, test } from '@jest/globals';
import type pg from 'pg';
import {
  archiveStage,
  move as moveAll,
  post as postTo,
  rowsOf,
  run as runFirst,
} from '../../test/archive-stage.js';
import { patchAgent } from '../agents/update-agent.js';
import type { Archive } from '../archive/archive.js';
import { deleteArchived, deleteExpired } from '../archive/erase-archived.js';
import { createBlobStore } from '../blobs/blob-store.js';
import { sweepBlobs } from '../blobs/task-blobs.js';
import type { Context } from '../context.js';
import { eraseEnded, eraseTask } from '../erasing/erase.js';
import { eraseTasks } from '../erasing/erase-many.js';
import { eraseNamed } from '../erasing/erase-named.js';
import { sweepExpiring } from '../erasing/retention.js';
import { keys } from '../redis/keys.js';
import { taskStatus } from '../tasks/status.js';
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
  stage.advance(2_000);
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
