import { withPostgres } from '@agenthook/testing';
import { beforeEach, expect, test } from '@jest/globals';
import { UnrecoverableError } from 'bullmq';
import type pg from 'pg';
import {
  archiveStage,
  move as moveAll,
  post as postTo,
  rowsOf,
  run as runFirst,
} from '../../test/archive-stage.js';
import { takeJob } from '../../test/take-job.js';
import { createAgent } from '../agents/create-agent.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import type { Archive } from '../archive/archive.js';
import type { Context } from '../context.js';
import { eraseTask } from '../erasing/erase.js';
import { ABOUT, OPTIONS_FIELD } from '../queue/job.js';
import { keys } from '../redis/keys.js';
import { archiveBacklog } from './archive-backlog.js';
import { checkArchive } from './check-archive.js';
import { type MovePlaces, moveEnded } from './move-ended.js';

const archived = withPostgres(test);

const stage = archiveStage();
let ctx: Context;
let archive: Archive;
let sql: pg.Client;
let agentId: string;
beforeEach(() => {
  ({ ctx, archive, sql, agentId } = stage);
});

const post = (body?: unknown, headers?: Record<string, string>) => postTo(stage, body, headers);
const run = (answer = 'a') => runFirst(stage, answer);
const move = () => moveAll(stage);
const rows = () => rowsOf(stage);
const isInRedis = async (id: string) => (await ctx.redis.exists(keys.job(0, id))) === 1;

/** A rule of the database's owner that refuses rows of one agent. */
const refusing = async (agent: string) => {
  await sql.query(`ALTER TABLE agenthook_archive ADD CONSTRAINT refused CHECK (agent_id <> '${agent}')`);
  return () => sql.query('ALTER TABLE agenthook_archive DROP CONSTRAINT refused');
};

archived('a task that PostgreSQL refuses stays, is told, and does not stop the others', async () => {
  const other = (await createAgent(ctx, { name: 'b' }, 'sandbox:echo')).id;
  const refused = (await post()).task_id;
  await run();
  stage.token = (await mintWebhook(ctx, other, 0)).token;
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
    stage.advance(2_000);
    await moveEnded(telling, archive, 0, Number.POSITIVE_INFINITY);
  };
  const allow = await refusing(agentId);
  for (let n = 0; n < 3; n++) await moveAll();
  expect(await rows()).toEqual(taken.sort());
  expect(await isInRedis(refused)).toBe(true);
  expect(logged).toEqual([{ task_id: refused, reason: expect.stringMatching(/^23514 .*"refused"/) }]);
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
  stage.advance(10 * 60_000);
  await moveAll();
  expect(logged).toHaveLength(1);
  await allow();
  stage.advance(10 * 60_000);
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
  const job = await takeJob(ctx, stage.worker);
  await job.moveToFailed(new UnrecoverableError('{}'), job.token ?? '', false);
  for (let n = 0; n < 60; n++) await post();
  for (let n = 0; n < 60; n++) await run('a');
  stage.advance(2_000);
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
  stage.advance(2_000);
  const places: MovePlaces = new Map();
  for (let n = 0; n < 4; n++) await step(places);
  expect(await rows()).toEqual([last]);
});
