import { TASK_STATUSES, type TaskStatusName } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { shardOfAgent } from '../../queue/task-id.js';
import { ALL_AGENTS, keys } from '../../redis/keys.js';
import type { TaskFilter } from './fits-filter.js';
import { listTasksScript } from './list-tasks.script.js';
import { inOrder, type Place } from './place.js';

/** The part of a filter that the index answers. */
type Indexed = Pick<TaskFilter, 'agentId' | 'statuses' | 'fromMs' | 'toMs'>;

/**
 * The first `count` places of the index after a place, of tasks in Redis. Each status has its own set, so
 * several sets are merged.
 */
export async function indexedPlaces(
  ctx: Context,
  filter: Indexed,
  after: Place | undefined,
  count: number,
): Promise<Place[]> {
  const { fromMs = 0, toMs = Number.MAX_SAFE_INTEGER } = filter;
  const newestMs = Math.min(after?.ms ?? toMs, toMs - 1);
  const found = await Promise.all(
    setsOf(ctx, filter).map((sets) =>
      listTasksScript(
        ctx.redis,
        { sets },
        {
          newest: newestMs,
          oldest: fromMs,
          afterMs: after?.ms ?? '',
          afterId: after?.id ?? '',
          count,
        },
      ),
    ),
  );
  return found
    .flatMap((rows) =>
      rows.flatMap((id, index) => (index % 2 === 0 ? [{ id, ms: Number(rows[index + 1]) }] : [])),
    )
    .sort(inOrder)
    .slice(0, count);
}

/** How many places of the index a filter has. Costs the same with any number of them. */
export async function countIndexed(ctx: Context, filter: Indexed): Promise<number> {
  const { fromMs = 0, toMs = Number.MAX_SAFE_INTEGER } = filter;
  const sets = setsOf(ctx, filter).flat();
  const counts = await Promise.all(sets.map((set) => ctx.redis.zcount(set, fromMs, `(${toMs}`)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** How many places each of some times has, by status. */
export async function countByStatus(
  ctx: Context,
  { agentId, statuses }: Indexed,
  spans: readonly { fromMs: number; toMs: number }[],
): Promise<Record<TaskStatusName, number>[]> {
  const batch = ctx.redis.pipeline();
  const asked: { span: number; status: TaskStatusName }[] = [];
  for (const status of statuses?.length ? new Set(statuses) : TASK_STATUSES) {
    for (const set of setsOf(ctx, { agentId, statuses: [status] }).flat()) {
      for (const [span, { fromMs, toMs }] of spans.entries()) {
        batch.zcount(set, fromMs, `(${toMs}`);
        asked.push({ span, status });
      }
    }
  }
  const counts = spans.map(() => ({ PENDING: 0, STARTED: 0, SUCCESS: 0, FAILURE: 0 }));
  for (const [n, [, count]] of ((await batch.exec()) ?? []).entries()) {
    const { span = 0, status = 'PENDING' } = asked[n] ?? {};
    const of = counts[span];
    if (of) of[status] += Number(count ?? 0);
  }
  return counts;
}

/** The sets of the index that have the tasks of a filter, for each shard. */
function setsOf(ctx: Context, { agentId, statuses }: Indexed): string[][] {
  const shards = agentId === undefined ? [...ctx.queues.keys()] : [shardOfAgent(agentId, ctx.queues.length)];
  return shards.map((shard) =>
    [...new Set(statuses?.length ? statuses : TASK_STATUSES)].map((status) =>
      keys.taskIndex(shard, agentId ?? ALL_AGENTS, status),
    ),
  );
}
