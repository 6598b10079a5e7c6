import type { TaskSummary } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { archivedSummaries } from './archived-tasks.js';
import { readStoredSummaries } from './task-summary.js';

/**
 * Reads short summaries of one shard's tasks, wherever they are; undefined for those that no longer exist.
 * Throws `archive_unavailable`.
 */
export async function readSummaries(
  ctx: Context,
  shard: number,
  ids: readonly string[],
): Promise<(TaskSummary | undefined)[]> {
  const stored = await readStoredSummaries(ctx, shard, ids);
  const missing = ids.filter((_, n) => stored[n] === undefined);
  if (!ctx.archive || missing.length === 0) return stored;
  const archived = await archivedSummaries(ctx, missing);
  return stored.map((task, n) => task ?? archived.get(ids[n] ?? ''));
}
