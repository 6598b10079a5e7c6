import { isoOrNull, MAX_SNIPPET_CHARACTERS, type TaskList, type TaskText } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { archivedTasks } from './archived-tasks.js';
import { isIndexed, type TaskFilter } from './fits-filter.js';
import { indexedPlaces } from './indexed-places.js';
import { cursorOf, placeOf } from './place.js';
import { scanTasks } from './scan-tasks.js';
import { withSnippets } from './snippets.js';

/** Which page of a list to read. */
export interface TaskPage {
  limit: number;
  /** The previous page's `next_cursor`. */
  cursor?: string | undefined;
  /** Which parts of the texts to show. */
  include?: readonly TaskText[] | undefined;
  /** How much of each, in characters. */
  mostShown?: number;
  /** Whether to throw `archive_unavailable` instead of leaving out what the archive has. */
  isWhole?: boolean;
}

/**
 * A page of tasks, newest first: O(limit + log n) in Redis if the index answers the filter, else bounded
 * (scan-tasks.ts). The cursor names a place in the order, so tasks that are added or change meanwhile neither
 * shift nor repeat what follows. A page may be shorter than `limit` and still have a next one: it leaves out
 * tasks that expired, or that do not match.
 *
 * Throws `invalid_request` for an invalid cursor, and `archive_unavailable` if the page must be whole.
 */
export async function listTasks(ctx: Context, filter: TaskFilter, page: TaskPage): Promise<TaskList> {
  const { limit, cursor, include = [], mostShown = MAX_SNIPPET_CHARACTERS, isWhole = false } = page;
  const after = cursor === undefined ? undefined : placeOf(cursor);
  const { tasks, next, scanned, last, isArchiveAway } = await scanTasks(ctx, filter, after, {
    limit,
    isWhole,
  });
  return {
    tasks: await withSnippets(ctx, tasks, { include: new Set(include), most: mostShown }),
    next_cursor: next ? cursorOf(next) : null,
    ...(isArchiveAway && { archive: 'unavailable' as const }),
    ...(!isIndexed(filter) && { searched: { tasks: scanned, back_to: isoOrNull(last?.ms ?? null) } }),
  };
}

/** When an agent's newest task was created, in ms since the epoch; undefined if no task exists. */
export async function newestTaskMs(ctx: Context, agentId: string): Promise<number | undefined> {
  const [newest] = await indexedPlaces(ctx, { agentId }, undefined, 1);
  if (newest) return newest.ms;
  const [archived] = await archivedTasks(ctx).places({ agentId }, undefined, 1);
  return archived?.ms;
}
