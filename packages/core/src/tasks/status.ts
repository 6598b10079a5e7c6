import {
  iso,
  isoOrNull,
  type PublicState,
  type PublicView,
  type TaskState,
  type TaskStatusName,
  type TaskSuccess,
} from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import { type ReducedState, reducedState, stateAsPublic } from '../access/public-result.js';
import type { ArchivedTask } from '../archive/archived-task.js';
import { readArchived } from '../archive/read-archived.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { parseFailure } from '../queue/failure.js';
import { FIRST_STARTED_FIELD, OPTIONS_FIELD, storedOptions } from '../queue/job.js';
import { DELAYED_SCORE_UNIT, PARKED_UNTIL_MS } from '../queue/parked.js';
import { shardOf } from '../queue/task-id.js';
import { keys } from '../redis/keys.js';
import { type EndedTexts, readTexts } from './ended/ended-texts.js';
import { statusScript } from './status.script.js';
import { askedFor, explain } from './why/explain.js';

/** A row that read-state.lua returns. */
export type StateRow = readonly (string | null)[];

/** Where a row has the job's options. */
export const STATE_OPTIONS = 5;

/** null while the task waits for a concurrency slot; its start time is unknown. */
const dueAt = (ms: number): string | null => (ms >= PARKED_UNTIL_MS ? null : isoOrNull(Math.floor(ms)));

/** Thrown by every verb that takes a task id. */
export const unknownTask = (): AppError => new AppError('unknown_task');

/** A task's state, and how it looks without an API key. */
interface ReadState {
  state: TaskState;
  view: PublicView;
  /** Undefined for a task that was stored before summaries existed. */
  agentId: string | undefined;
}

/**
 * The state of a task, from BullMQ's job state, in one round trip; undefined for an unknown or expired id.
 * One that is not in Redis is looked up in the archive, if there is one; throws `archive_unavailable`.
 */
export async function taskStatus(ctx: Context, taskId: string): Promise<TaskState | undefined> {
  return (await readState(ctx, taskId))?.state;
}

/** The same, and whose task it is. */
export async function taskStatusOfAgent(
  ctx: Context,
  taskId: string,
): Promise<Pick<ReadState, 'state' | 'agentId'> | undefined> {
  return await readState(ctx, taskId);
}

/** The state of a task as shown without an API key; otherwise like taskStatus. */
export async function publicTaskStatus(ctx: Context, taskId: string): Promise<PublicState | undefined> {
  const read = await readState(ctx, taskId);
  return read && stateAsPublic(read.state, read.view);
}

/** The same, with a flat result whatever the agent's `result_shape`. */
export async function reducedTaskStatus(ctx: Context, taskId: string): Promise<ReducedState | undefined> {
  const read = await readState(ctx, taskId);
  return read && reducedState(read.state, read.view);
}

async function readState(ctx: Context, taskId: string): Promise<ReadState | undefined> {
  const shard = shardOf(taskId, ctx.queues.length);
  if (shard === undefined) return undefined;
  const row = await statusScript(
    ctx.redis,
    {
      job: keys.job(shard, taskId),
      delayed: keys.delayedJobs(shard),
      log: keys.taskLog(shard, taskId),
    },
    { id: taskId },
  );
  if (row[0] || !ctx.archive) return await stateOf(ctx, taskId, (await unpackRow(ctx, row)).row);
  const archived = await readArchived(ctx, taskId);
  return archived && (await stateOf(ctx, taskId, (await unpackRow(ctx, archivedRow(archived))).row));
}

/** The row that read-state.lua would return of a task in the archive. */
export function archivedRow({ fields }: ArchivedTask): StateRow {
  const { timestamp, finishedOn, returnvalue, failedReason, atm } = fields;
  const row = [timestamp, finishedOn, returnvalue, failedReason, atm, fields[OPTIONS_FIELD]];
  return [...row, fields[FIRST_STARTED_FIELD], null, null, null].map((value) => value ?? null);
}

/** A row whose result is as it was before it was packed, and what was packed with it. */
export async function unpackRow(ctx: Context, row: StateRow): Promise<{ row: StateRow; texts?: EndedTexts }> {
  const [timestamp, finishedOn, returnvalue, failedReason, ...rest] = row;
  const stored = returnvalue ?? failedReason;
  if (!stored) return { row };
  if (!finishedOn) return { row: [timestamp ?? null, null, null, await ctx.seal.read(stored), ...rest] };
  const texts = await readTexts(ctx, stored);
  const { result } = texts;
  const results = returnvalue ? [result, null] : [null, result];
  return { row: [timestamp ?? null, finishedOn, ...results, ...rest], texts };
}

/**
 * Converts an unpacked row of read-state.lua to its task's state; undefined for a missing task. What callers
 * without an API key may see was stored with the task, so it follows the task's version.
 *
 * A job that has started once stays STARTED even when it waits again (for its next attempt, or after a worker
 * handed it back), so the status never moves backwards.
 */
export async function stateOf(ctx: Context, taskId: string, row: StateRow): Promise<ReadState | undefined> {
  const [timestamp, finishedOn, returnvalue, failedReason, made, opts, firstStartedOn, why, score, asked] =
    row;
  if (!timestamp) return undefined;

  const attemptsMade = Number(made ?? 0);
  const status = statusOf({ firstStartedOn, finishedOn, returnvalue });
  const asks = status === 'STARTED' && asked ? askedFor(await ctx.seal.read(asked), ctx.now()) : null;
  const waitsForRetry = status === 'STARTED' && typeof score === 'string' && asks === null;
  const failure = failedReason && status !== 'SUCCESS' ? parseFailure(failedReason) : null;
  const { about, attempts = 1 } = storedOptions(opts);
  const state: TaskState = {
    task_id: taskId,
    status,
    result: resultOf(status, returnvalue, failure),
    created_at: iso(Number(timestamp)),
    started_at: isoOrNull(firstStartedOn),
    finished_at: isoOrNull(finishedOn),
    attempt: attemptOf(status, waitsForRetry, attemptsMade),
    max_attempts: attempts,
    next_attempt_at: waitsForRetry ? dueAt(Number(score) / DELAYED_SCORE_UNIT) : null,
    conversation_id: about?.conversation ?? null,
    last_error: status === 'STARTED' ? (failure?.error ?? null) : null,
    waiting_for: asks ?? (await explain(ctx, why)),
  };
  return { state, view: about ?? {}, agentId: about?.agent };
}

/**
 * The current attempt. A task that was parked in its first attempt has completed none, but is in the first
 * one.
 */
export function attemptOf(status: TaskStatusName, waitsForRetry: boolean, attemptsMade: number): number {
  if (status !== 'STARTED') return attemptsMade;
  return waitsForRetry ? Math.max(1, attemptsMade) : attemptsMade + 1;
}

export function statusOf(
  job: Record<'firstStartedOn' | 'finishedOn' | 'returnvalue', string | null | undefined>,
): TaskStatusName {
  if (job.finishedOn) return job.returnvalue ? 'SUCCESS' : 'FAILURE';
  return job.firstStartedOn ? 'STARTED' : 'PENDING';
}

function resultOf(
  status: TaskStatusName,
  returnvalue: string | null | undefined,
  failure: TaskState['result'],
) {
  if (status === 'SUCCESS') return parseJson(returnvalue ?? 'null') as TaskSuccess;
  return status === 'FAILURE' ? failure : null;
}
