import {
  type BulkAction,
  type BulkWait,
  type ErrorCode,
  NO_LONGER_MATCHES,
  type TaskSummary,
} from '@agenthook/contracts';
import type { Context } from '../context.js';
import { readDeliveries } from '../deliveries/delivery-log.js';
import { resendCallback } from '../deliveries/resend.js';
import { eraseTask } from '../erasing/erase.js';
import { AppError } from '../errors.js';
import { acceptRejection } from '../intake/accept-rejection.js';
import { shardOfDelivery } from '../queue/delivery-id.js';
import { shardOf } from '../queue/task-id.js';
import { taskIdOfText } from '../queue/task-id-of-text.js';
import { cancelTask, isCancelledState } from '../tasks/cancel.js';
import { fitsFilter } from '../tasks/list/fits-filter.js';
import { readSummaries } from '../tasks/list/read-summaries.js';
import { replayTask } from '../tasks/replay.js';
import { taskStatus } from '../tasks/status.js';
import { FilesGone } from '../tasks/task-files.js';
import type { StoredBulk } from './bulk-store.js';

/** How handling an item ended. */
export type ItemOutcome =
  /** With the task that was made of it, if one was. */
  | { outcome: 'done'; made?: string }
  | { outcome: 'skipped' | 'failed'; code: ErrorCode | typeof NO_LONGER_MATCHES }
  /** It cannot be handled now. */
  | { outcome: 'later'; waits: BulkWait };

/** Refusals that say that there was nothing to do. */
const SKIPPED: ReadonlySet<ErrorCode> = new Set(['task_finished', 'task_not_finished', 'unknown_task']);
/** Refusals that pass, and what the job waits for. */
const PASSING: Partial<Record<ErrorCode, BulkWait>> = {
  too_many_pending: 'backlog',
  rate_limited: 'backlog',
  busy: 'backlog',
  archive_unavailable: 'archive',
  attachments_unavailable: 'files',
};

/** The part of an item that people know: it may have its agent's id in front. */
export const idOf = (item: string): string => item.split(' ').at(-1) ?? item;

/**
 * Does to one item what its job says. A process that handles an item again, because the one before it died,
 * does nothing twice: the outcome is the same.
 */
export async function handleItem(ctx: Context, job: StoredBulk, item: string): Promise<ItemOutcome> {
  try {
    return await VERBS[job.about.action](ctx, job, item);
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'redis_unavailable') throw error;
    const waits = error instanceof FilesGone ? undefined : PASSING[error.code];
    if (waits) return { outcome: 'later', waits };
    return { outcome: SKIPPED.has(error.code) ? 'skipped' : 'failed', code: error.code };
  }
}

type Verb = (ctx: Context, job: StoredBulk, item: string) => Promise<ItemOutcome>;

const VERBS: Record<BulkAction, Verb> = { cancel, purge, replay, accept, resend };

/** A task that has changed since it was collected is left alone. */
async function cancel(ctx: Context, { about }: StoredBulk, taskId: string): Promise<ItemOutcome> {
  const task = await summaryOf(ctx, taskId);
  if (!task) return { outcome: 'skipped', code: 'unknown_task' };
  if (task.finished_at !== null) {
    const isRecent = Date.parse(task.finished_at) >= about.created_ms;
    const state = isRecent ? await taskStatus(ctx, taskId) : undefined;
    if (state && isCancelledState(state)) return { outcome: 'done' };
    return { outcome: 'skipped', code: 'task_finished' };
  }
  if (about.filter?.of === 'tasks' && !fitsFilter(task, about.filter.tasks))
    return { outcome: 'skipped', code: NO_LONGER_MATCHES };
  await cancelTask(ctx, taskId);
  return { outcome: 'done' };
}

async function summaryOf(ctx: Context, taskId: string): Promise<TaskSummary | undefined> {
  const shard = shardOf(taskId, ctx.queues.length);
  return shard === undefined ? undefined : (await readSummaries(ctx, shard, [taskId]))[0];
}

async function purge(ctx: Context, _job: StoredBulk, taskId: string): Promise<ItemOutcome> {
  await eraseTask(ctx, taskId).catch((error) => {
    // It is gone, perhaps by this job before its process died.
    if (!(error instanceof AppError) || error.code !== 'unknown_task') throw error;
  });
  return { outcome: 'done' };
}

async function replay(ctx: Context, { id, about }: StoredBulk, taskId: string): Promise<ItemOutcome> {
  const { version = 'current' } = about;
  const idOf = (agentId: string) => taskIdOfText(ctx, agentId, `${id}:${taskId}`, 'bulk replay');
  const { task_id } = await replayTask(ctx, taskId, { version }, { idOf });
  return { outcome: 'done', made: task_id };
}

async function accept(ctx: Context, _job: StoredBulk, item: string): Promise<ItemOutcome> {
  const [agentId = '', rejectionId = ''] = item.split(' ');
  const { task_id } = await acceptRejection(ctx, agentId, rejectionId);
  return { outcome: 'done', made: task_id };
}

async function resend(ctx: Context, { id }: StoredBulk, deliveryId: string): Promise<ItemOutcome> {
  const shard = shardOfDelivery(deliveryId, ctx.callbacks.length);
  const [known] = shard === undefined ? [] : await readDeliveries(ctx, shard, [deliveryId]);
  if (!known) return { outcome: 'skipped', code: 'unknown_delivery' };
  await resendCallback(ctx, known.agent_id, deliveryId, id);
  return { outcome: 'done' };
}
