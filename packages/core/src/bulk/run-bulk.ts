import { sleep } from '@agenthook/async';
import { type BulkAction, type BulkWait, MAX_BULK_ITEMS } from '@agenthook/contracts';
import { AGENT, type AgentGate } from '../agents/agent-hash.js';
import type { Context } from '../context.js';
import { aboutOf, FIRST_STARTED_FIELD, OPTIONS_FIELD } from '../queue/job.js';
import { shardOf } from '../queue/task-id.js';
import { keys } from '../redis/keys.js';
import { objectOf } from '../redis/stored-row.js';
import { isRedisUnavailable } from '../redis/unavailable.js';
import { addItemsScript } from './add-items.script.js';
import { endBulk, readBulk, type StoredBulk } from './bulk-store.js';
import { handleItem, type ItemOutcome, idOf } from './handle-item.js';
import { leaveBulkScript } from './leave-bulk.script.js';
import { matchingItems } from './matching-items.js';
import { settleItemScript } from './settle-item.script.js';

/** How long a job stays its process's without a sign of life, in ms. If it dies, another one goes on then. */
export const LEASE_MS = 10_000;
/** How long a process works on one job before others get their turn, in ms. */
const SLICE_MS = 3_000;

/**
 * How many items are handled at once. Events run in their order; a cancel may wait two seconds for a worker.
 */
const AT_ONCE: Record<BulkAction, number> = { cancel: 10, purge: 10, replay: 1, accept: 1, resend: 5 };

/** The longest rest after some items, in ms. A job works half of the time, so that others find Redis free. */
const MOST_REST_MS = 100;

/** How long a job rests while the archive or the store of files does not answer, in ms. */
const STORE_REST_MS = 3_000;

/** How many of the tasks that a job has made may wait for their start, and how often it looks, in ms. */
const MADE_WAITING = 20;
const LOOK_MS = 100;

/** A job that this process works on. `token` proves it. */
interface Claimed {
  token: string;
  /** Aborted when the process stops. */
  signal: AbortSignal;
}

/** Works on a claimed job for a while, and lets go of it. */
export async function runBulkSlice(ctx: Context, id: string, { token, signal }: Claimed): Promise<void> {
  const end = performance.now() + SLICE_MS;
  const goesOn = () => !signal.aborted && performance.now() < end;
  const job = await readBulk(ctx, id);
  // One that cannot be read would be claimed again and again.
  if (!job) return await endBulk(ctx, id);
  if (job.state === 'counting' && (await collect(ctx, job, token, goesOn)) !== 'running')
    return await leave(ctx, id, token, null);
  let waits: BulkWait | null = null;
  while (goesOn()) {
    const items = (await ctx.redis.lrange(keys.bulkItems(id), -AT_ONCE[job.about.action], -1)).reverse();
    if (items.length === 0) break;
    waits = (await isAhead(ctx, job)) ? 'backlog' : null;
    const started = performance.now();
    const states = waits ? [] : await Promise.all(items.map((item) => handle(ctx, job, token, item)));
    if (states.some((state) => typeof state === 'string' && state !== 'running')) return;
    waits = states.find((state) => typeof state === 'object')?.waits ?? waits;
    if (waits === 'archive' || waits === 'files') break;
    await sleep(waits ? LOOK_MS : Math.min(performance.now() - started, MOST_REST_MS));
  }
  await leave(ctx, id, token, waits);
}

const leave = async (ctx: Context, id: string, token: string, waits: BulkWait | null): Promise<void> => {
  const at = { job: keys.bulkJob(id), open: keys.openBulkJobs };
  const restMs = waits === 'archive' || waits === 'files' ? STORE_REST_MS : 0;
  await leaveBulkScript(ctx.redis, at, { id, token, waits: waits ?? '', restMs });
};

/** Collects what matches. Returns the job's state. */
async function collect(ctx: Context, job: StoredBulk, token: string, goesOn: () => boolean) {
  const { id, about } = job;
  let { cursor } = job;
  while (about.filter && goesOn()) {
    const started = performance.now();
    const { items, next = '' } = await matchingItems(ctx, about.filter, cursor);
    const state = await addItemsScript(
      ctx.redis,
      { job: keys.bulkJob(id), items: keys.bulkItems(id), open: keys.openBulkJobs },
      { id, token, from: cursor, next, most: MAX_BULK_ITEMS, leaseMs: LEASE_MS, page: items },
    );
    if (state !== 'counting') return state;
    cursor = next;
    await sleep(Math.min(performance.now() - started, MOST_REST_MS));
  }
  return 'counting';
}

/** Handles an item and counts its outcome. Returns the job's state, or what an uncounted item waits for. */
async function handle(ctx: Context, job: StoredBulk, token: string, item: string) {
  const handled = await handleItem(ctx, job, item).catch((error): ItemOutcome => {
    if (isRedisUnavailable(error)) throw error;
    ctx.log.error({ err: error, bulk_id: job.id, item }, 'an item of a bulk job could not be handled');
    return { outcome: 'failed', code: 'internal' };
  });
  if (handled.outcome === 'later') return { waits: handled.waits };
  if (handled.outcome === 'done' && handled.made !== undefined) job.made.push(handled.made);
  return await settleItemScript(
    ctx.redis,
    { job: keys.bulkJob(job.id), items: keys.bulkItems(job.id), open: keys.openBulkJobs },
    {
      id: job.id,
      token,
      item,
      outcome: handled.outcome,
      code: 'code' in handled ? handled.code : '',
      example: idOf(item),
      made: job.made.join(','),
      leaseMs: LEASE_MS,
    },
  );
}

/**
 * Whether as many tasks of the job wait for their start as may, in all or of one agent. New events would wait
 * behind more of them, or find the agent's backlog full.
 */
async function isAhead(ctx: Context, job: StoredBulk): Promise<boolean> {
  if (job.made.length === 0) return false;
  const batch = ctx.redis.pipeline();
  for (const id of job.made)
    batch.hmget(
      keys.job(shardOf(id, ctx.queues.length) ?? 0, id),
      OPTIONS_FIELD,
      FIRST_STARTED_FIELD,
      'finishedOn',
    );
  const rows = (await batch.exec()) ?? [];
  const waiting = new Map<string, number>();
  job.made = job.made.filter((_, n) => {
    const [error, row] = rows[n] ?? [];
    if (error) throw error;
    const [options, started, finished] = row as (string | null)[];
    const agentId = aboutOf(options)?.agent;
    if (agentId === undefined || started || finished) return false;
    waiting.set(agentId, (waiting.get(agentId) ?? 0) + 1);
    return true;
  });
  if (job.made.length >= MADE_WAITING) return true;
  for (const [agentId, count] of waiting) if (count >= (await mostWaiting(ctx, agentId))) return true;
  return false;
}

/** At most half of an agent's backlog. */
async function mostWaiting(ctx: Context, agentId: string): Promise<number> {
  const json = await ctx.redis.hget(keys.agent(agentId), AGENT.gate);
  const { max_pending } = (objectOf(json) as AgentGate | undefined) ?? {};
  return max_pending ? Math.max(1, Math.floor(max_pending / 2)) : MADE_WAITING;
}
