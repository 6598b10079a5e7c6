import { randomBytes } from 'node:crypto';
import {
  BULK_KEPT_DAYS,
  BULK_WAITS,
  type BulkAction,
  type BulkJob,
  type BulkReason,
  ERRORS,
  type ErrorCode,
  IDEMPOTENCY_TTL_SECONDS,
  iso,
  isoOrNull,
  MAX_BULK_JOBS,
  MAX_OPEN_BULK_JOBS,
  NO_LONGER_MATCHES,
} from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { keys, textHash } from '../redis/keys.js';
import { type RowKind, readRow, timeOf } from '../redis/stored-row.js';
import { BULK } from './bulk-fields.js';
import type { BulkFilter } from './bulk-filter.js';
import { createBulkScript } from './create-bulk.script.js';
import { stopBulkScript } from './stop-bulk.script.js';

/** How long a stopped job keeps its items, in ms: until those that were begun are counted. */
const STOPPED_MS = 60_000;

/** What a bulk job does, as it is stored. */
export interface BulkAbout {
  action: BulkAction;
  /** Which items it handles; null if they were named. */
  filter: BulkFilter | null;
  /** The filter as it was given. */
  given: unknown;
  version?: 'current' | 'original' | undefined;
  created_ms: number;
  created_by: string | null;
}

export const BULK_ABOUT: RowKind<BulkAbout> = {
  name: 'bulk job',
  fields: {
    action: 'string',
    filter: 'object?',
    version: 'string?',
    created_ms: 'time',
    created_by: 'string?',
  },
};

/** A stored job, as its runner needs it. */
export interface StoredBulk {
  id: string;
  about: BulkAbout;
  state: BulkJob['state'];
  cursor: string;
  /** Tasks that it made last. */
  made: string[];
}

/** An idempotency key, and what it came with. */
export interface BulkOnce {
  key: string;
  body: unknown;
}

/**
 * Stores a bulk job, which some worker then takes. With an idempotency key that has made one within 24 hours,
 * returns that one.
 *
 * Throws `too_many_bulk_jobs`, and `idempotency_key_reused` for another body.
 */
export async function createBulk(
  ctx: Context,
  about: Omit<BulkAbout, 'created_ms'>,
  items: readonly string[] = [],
  once?: BulkOnce,
): Promise<{ job: BulkJob; isNew: boolean }> {
  const now = ctx.now();
  const id = `blk_${now.toString(16).padStart(12, '0')}${randomBytes(8).toString('hex')}`;
  const stored = await createBulkScript(
    ctx.redis,
    {
      job: keys.bulkJob(id),
      items: keys.bulkItems(id),
      jobs: keys.bulkJobs,
      open: keys.openBulkJobs,
      once: keys.bulkOnce(textHash(once?.key ?? '')),
    },
    {
      id,
      now,
      about: JSON.stringify({ ...about, created_ms: now } satisfies BulkAbout),
      mostOpen: MAX_OPEN_BULK_JOBS,
      most: MAX_BULK_JOBS,
      oldest: now - BULK_KEPT_DAYS * 86_400_000,
      prefix: keys.bulkPrefix,
      bodyHash: once ? textHash(JSON.stringify(once.body)) : '',
      onceSeconds: IDEMPOTENCY_TTL_SECONDS,
      given: items,
    },
  );
  if (stored === 'reused') throw new AppError('idempotency_key_reused');
  if (stored === 'full')
    throw new AppError(
      'too_many_bulk_jobs',
      `There are ${MAX_OPEN_BULK_JOBS} unfinished bulk jobs already. Wait until one is done, or stop one.`,
    );
  const isNew = stored === 'stored';
  return { job: await getBulk(ctx, isNew ? id : stored), isNew };
}

/** A bulk job and its progress. Throws `unknown_bulk_job`. */
export async function getBulk(ctx: Context, id: string): Promise<BulkJob> {
  const job = jobOf(ctx, id, await ctx.redis.hgetall(keys.bulkJob(id)));
  if (!job) throw new AppError('unknown_bulk_job');
  return job;
}

/** The latest bulk jobs, newest first. */
export async function listBulk(ctx: Context): Promise<BulkJob[]> {
  const ids = await ctx.redis.zrevrange(keys.bulkJobs, 0, MAX_BULK_JOBS - 1);
  const batch = ctx.redis.pipeline();
  for (const id of ids) batch.hgetall(keys.bulkJob(id));
  const rows = (await batch.exec()) ?? [];
  return rows.flatMap(([error, row], n) => {
    if (error) throw error;
    return jobOf(ctx, ids[n] ?? '', row as Record<string, string>) ?? [];
  });
}

/** Stops a bulk job; does nothing if it is finished. What it has done stays. Throws `unknown_bulk_job`. */
export async function stopBulk(ctx: Context, id: string): Promise<BulkJob> {
  await endBulk(ctx, id);
  return await getBulk(ctx, id);
}

/** Stops a bulk job without reading it. Throws `unknown_bulk_job`. */
export async function endBulk(ctx: Context, id: string): Promise<void> {
  const at = { job: keys.bulkJob(id), items: keys.bulkItems(id), open: keys.openBulkJobs };
  if ((await stopBulkScript(ctx.redis, at, { id, keepMs: STOPPED_MS })) === 0)
    throw new AppError('unknown_bulk_job');
}

/** What a runner needs of a job; undefined if the job does not exist or cannot be read. */
export async function readBulk(ctx: Context, id: string): Promise<StoredBulk | undefined> {
  const [about, state, cursor, made] = await ctx.redis.hmget(
    keys.bulkJob(id),
    BULK.about,
    BULK.state,
    BULK.cursor,
    BULK.made,
  );
  const known = about ? readRow(ctx, BULK_ABOUT, about, id) : undefined;
  if (!known) return undefined;
  return {
    id,
    about: known,
    state: state as BulkJob['state'],
    cursor: cursor ?? '',
    made: made ? made.split(',') : [],
  };
}

function jobOf(ctx: Context, id: string, row: Record<string, string>): BulkJob | undefined {
  const json = row[BULK.about];
  const about = json === undefined ? undefined : readRow(ctx, BULK_ABOUT, json, id);
  if (!about) return undefined;
  const { action, given, version, created_ms, created_by } = about;
  const count = (field: string) => Number(row[field] ?? 0) || 0;
  return {
    id,
    action,
    filter: given ?? null,
    ...(version && { version }),
    state: row[BULK.state] as BulkJob['state'],
    total: count(BULK.total),
    done: count(BULK.done),
    skipped: count('skipped'),
    failed: count('failed'),
    reasons: reasonsOf(row),
    waiting_for: BULK_WAITS.find((wait) => wait === row[BULK.waits]) ?? null,
    created_at: iso(created_ms),
    created_by,
    finished_at: isoOrNull(timeOf(row[BULK.finished])),
  };
}

/** While versions are mixed, a newer worker may count a code that this process does not know. */
function titleOf(code: string): string {
  if (code === NO_LONGER_MATCHES) return 'It no longer matches';
  return Object.hasOwn(ERRORS, code) ? ERRORS[code as ErrorCode].title : code;
}

/** The reasons, those that occurred most first. */
function reasonsOf(row: Record<string, string>): BulkReason[] {
  return Object.entries(row)
    .flatMap(([field, count]): BulkReason[] => {
      const [, outcome, code] = /^n:(skipped|failed):(\w+)$/.exec(field) ?? [];
      if (outcome === undefined || code === undefined) return [];
      return [
        {
          outcome: outcome as BulkReason['outcome'],
          code,
          title: titleOf(code),
          count: Number(count) || 0,
          examples: row[`x:${outcome}:${code}`]?.split(' ') ?? [],
        },
      ];
    })
    .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}
