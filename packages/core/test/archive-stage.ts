import { type PostgresServer, postOf, startPostgres } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { Worker } from 'bullmq';
import pg from 'pg';
import { createAgent } from '../src/agents/create-agent.js';
import { mintWebhook } from '../src/agents/mint-webhook.js';
import { type Archive, openArchive } from '../src/archive/archive.js';
import { beginTurn } from '../src/archive/write-archived.js';
import { moveEnded } from '../src/archiving/move-ended.js';
import type { Context } from '../src/context.js';
import { trigger } from '../src/intake/trigger.js';
import type { TaskData } from '../src/queue/job.js';
import { workerOptions } from '../src/queue/worker-options.js';
import { keys, TASK_QUEUE } from '../src/redis/keys.js';
import { startSettling } from '../src/tasks/settle.js';
import { openTaskLog } from '../src/tasks/task-log.js';
import { testContext } from './context.js';
import { takeJob } from './take-job.js';

const USAGE = { input_tokens: 3, output_tokens: 4, total_tokens: 7, cost_usd: null };

/** What each test of a file has: an empty archive in PostgreSQL, and an agent on an empty Redis. */
export interface ArchiveStage {
  ctx: Context;
  archive: Archive;
  postgres: PostgresServer;
  sql: pg.Client;
  worker: Worker<TaskData>;
  agentId: string;
  /** The webhook that `post` calls. */
  token: string;
  /** Moves the clock, in ms. */
  advance(ms: number): void;
}

/** Opens an archive that takes tasks one second after their end. */
export const openAt = (ctx: Pick<Context, 'log'>, url: string): Archive =>
  openArchive({ url, afterSeconds: 1, days: 30 }, ctx.log);

/** Registers hooks that prepare the stage for each test of a file, and close it. */
export function archiveStage(): ArchiveStage {
  const stage = {} as ArchiveStage;
  let close: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    stage.postgres = await startPostgres();
    const env = await testContext();
    close = env.close;
    stage.advance = env.advance;
    stage.archive = openAt(env.ctx, stage.postgres.url);
    stage.ctx = { ...env.ctx, archive: stage.archive };
    stage.sql = new pg.Client(stage.postgres.url);
    await stage.sql.connect();
    stage.worker = new Worker<TaskData>(TASK_QUEUE, null, workerOptions(stage.ctx.redis, 0, 1));
    await stage.worker.waitUntilReady();
  });
  beforeEach(async () => {
    const { ctx, archive, sql } = stage;
    await ctx.redis.flushdb();
    await beginTurn(archive);
    await sql.query('DELETE FROM agenthook_archive');
    stage.agentId = (await createAgent(ctx, { name: 'a' }, 'sandbox:echo')).id;
    stage.token = (await mintWebhook(ctx, stage.agentId, 0)).token;
  });
  afterAll(async () => {
    await stage.worker?.close();
    await stage.sql?.end();
    await stage.archive?.close();
    await close?.();
    await stage.postgres?.stop();
  });
  return stage;
}

/** Sends an event to the stage's webhook. */
export async function post(
  { ctx, token }: ArchiveStage,
  body: unknown = {},
  headers: Record<string, string> = {},
) {
  const outcome = await trigger(ctx, { token, ...postOf(JSON.stringify(body), headers) });
  if (!('task_id' in outcome)) throw new Error(JSON.stringify(outcome));
  return outcome;
}

/** Runs the first task in line, and delivers its end. */
export async function run({ ctx, worker }: ArchiveStage, answer: string): Promise<string> {
  const job = await takeJob(ctx, worker);
  const [id, held] = [job.id ?? '', job.token ?? ''];
  const log = await openTaskLog(ctx, { shard: 0, id, token: held, fresh: true });
  const at = new Date().toISOString();
  await log.append(
    { type: 'prompt', at, attempt: 1, system: 's', user: answer },
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
export async function move({ ctx, archive, advance }: ArchiveStage): Promise<void> {
  advance(2_000);
  await moveEnded(ctx, archive, 0, Number.POSITIVE_INFINITY);
}

/** The ids that the archive has, in order. */
export const rowsOf = async ({ sql }: ArchiveStage): Promise<string[]> =>
  (await sql.query('SELECT id FROM agenthook_archive ORDER BY id')).rows.map(({ id }) => id);
