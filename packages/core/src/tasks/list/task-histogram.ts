import { iso, type TaskHistogram } from '@agenthook/contracts';
import { archivedHistogram } from '../../archive/list-archived.js';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import { isArchiveAway } from './archived-tasks.js';
import type { TaskFilter } from './fits-filter.js';
import { countByStatus } from './indexed-places.js';

/**
 * How many tasks were created in each of `count` parts of a time. Costs the same with any number of tasks in
 * Redis; those in the archive are counted, within the time that a statement may take.
 * Throws `invalid_request` if the time ends before it begins.
 */
export async function taskHistogram(
  ctx: Context,
  filter: Pick<TaskFilter, 'agentId' | 'statuses'>,
  { fromMs, toMs, count }: { fromMs: number; toMs: number; count: number },
): Promise<TaskHistogram> {
  if (toMs <= fromMs) {
    const message = 'must be after from';
    throw new AppError('invalid_request', `to ${message}.`, { issues: [{ path: '/to', message }] });
  }
  const bucketMs = Math.ceil((toMs - fromMs) / count);
  const spans = Array.from({ length: count }, (_, n) => ({
    fromMs: fromMs + n * bucketMs,
    toMs: Math.min(toMs, fromMs + (n + 1) * bucketMs),
  })).filter((span) => span.fromMs < span.toMs);
  const counts = await countByStatus(ctx, filter, spans);
  let isAway = false;
  try {
    const found = ctx.archive
      ? await archivedHistogram(ctx.archive, { ...filter, fromMs, toMs }, bucketMs)
      : [];
    for (const { bucket, status, count: more } of found) {
      const of = counts[bucket];
      if (of) of[status] += more;
    }
  } catch (error) {
    if (!isArchiveAway(error)) throw error;
    isAway = true;
  }
  return {
    ...(isAway && { archive: 'unavailable' as const }),
    bucket_ms: bucketMs,
    buckets: spans.map((span, n) => ({
      start: iso(span.fromMs),
      pending: counts[n]?.PENDING ?? 0,
      started: counts[n]?.STARTED ?? 0,
      succeeded: counts[n]?.SUCCESS ?? 0,
      failed: counts[n]?.FAILURE ?? 0,
    })),
  };
}
