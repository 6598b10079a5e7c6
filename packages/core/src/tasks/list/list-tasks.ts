import { TASK_STATUSES, type TaskStatusName, type TaskSummary } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import { shardOf, shardOfAgent } from '../../queue/task-id.js';
import { ALL_AGENTS, keys } from '../../redis/keys.js';
import { findTasks } from './find-tasks.js';
import { listTasksScript } from './list-tasks.script.js';
import { inOrder, isAfter, type Place } from './place.js';
import { readSummaries } from './task-summary.js';

/** Which tasks to list. Times are in ms since the epoch; `toMs` is exclusive. */
export interface TaskFilter {
  agentId?: string | undefined;
  statuses?: readonly TaskStatusName[] | undefined;
  fromMs?: number | undefined;
  toMs?: number | undefined;
  /** The beginning of an id, or a complete idempotency key. */
  text?: string | undefined;
}

/**
 * A page of tasks, newest first: O(limit + log n) in Redis. `cursor` is the previous page's `next_cursor`. It
 * names a place in the order, so tasks that are added or change meanwhile neither shift nor repeat what
 * follows. A page may be shorter than `limit` and still have a next one: it leaves out tasks that expired, or
 * that no longer have the wanted status.
 *
 * Throws `invalid_request` for an invalid cursor.
 */
export async function listTasks(
  ctx: Context,
  filter: TaskFilter,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ tasks: TaskSummary[]; next_cursor: string | null }> {
  const after = page.cursor === undefined ? undefined : placeOf(page.cursor);
  const places =
    filter.text === undefined
      ? await indexed(ctx, filter, after, page.limit + 1)
      : await findTasks(ctx, filter.text);
  const found = places.filter((place) => !after || isAfter(place, after)).sort(inOrder);
  const shown = found.slice(0, page.limit);
  const last = found.length > page.limit ? shown.at(-1) : undefined;
  const tasks = await summariesOf(ctx, shown);
  return {
    tasks: tasks.filter((task) => fits(task, filter)),
    next_cursor: last ? Buffer.from(`${last.ms}.${last.id}`).toString('base64url') : null,
  };
}

/** When an agent's newest task was created, in ms since the epoch; undefined if no task exists. */
export async function newestTaskMs(ctx: Context, agentId: string): Promise<number | undefined> {
  const [newest] = await indexed(ctx, { agentId }, undefined, 1);
  return newest?.ms;
}

function placeOf(cursor: string): Place {
  const [, ms, id] = /^(\d{1,16})\.([0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (ms === undefined || id === undefined)
    throw new AppError('invalid_request', 'cursor must be the next_cursor of an earlier answer, unchanged.');
  return { ms: Number(ms), id };
}

function fits(task: TaskSummary, { agentId, statuses, fromMs, toMs }: TaskFilter): boolean {
  const made = Date.parse(task.created_at);
  return (
    (agentId === undefined || task.agent_id === agentId) &&
    (!statuses?.length || statuses.includes(task.status)) &&
    made >= (fromMs ?? 0) &&
    made < (toMs ?? Number.POSITIVE_INFINITY)
  );
}

/**
 * The first `count` places of the index after a place. Each status has its own set, so several sets are
 * merged.
 */
async function indexed(
  ctx: Context,
  { agentId, statuses, fromMs = 0, toMs = Number.MAX_SAFE_INTEGER }: TaskFilter,
  after: Place | undefined,
  count: number,
): Promise<Place[]> {
  const shards = agentId === undefined ? [...ctx.queues.keys()] : [shardOfAgent(agentId, ctx.queues.length)];
  const newestMs = Math.min(after?.ms ?? toMs, toMs - 1);
  const found = await Promise.all(
    shards.map((shard) => {
      const sets = (statuses?.length ? statuses : TASK_STATUSES).map((status) =>
        keys.taskIndex(shard, agentId ?? ALL_AGENTS, status),
      );
      return listTasksScript(
        ctx.redis,
        { sets },
        {
          newest: newestMs,
          oldest: fromMs,
          afterMs: after?.ms ?? '',
          afterId: after?.id ?? '',
          count,
        },
      );
    }),
  );
  return found
    .flatMap((rows) =>
      rows.flatMap((id, index) => (index % 2 === 0 ? [{ id, ms: Number(rows[index + 1]) }] : [])),
    )
    .sort(inOrder)
    .slice(0, count);
}

/** Summaries of the tasks that still exist, in order. */
async function summariesOf(ctx: Context, places: readonly Place[]): Promise<TaskSummary[]> {
  const shards = ctx.queues.length;
  const byShard = await Promise.all(
    [...ctx.queues.keys()].map((shard) => {
      const ids = places.map(({ id }) => id).filter((id) => shardOf(id, shards) === shard);
      return readSummaries(ctx, shard, ids);
    }),
  );
  const byId = new Map(byShard.flat().map((task) => [task?.task_id, task]));
  return places.flatMap(({ id }) => byId.get(id) ?? []);
}
