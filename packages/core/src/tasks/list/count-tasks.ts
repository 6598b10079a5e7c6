import { MAX_COUNTED_TASKS, MAX_SEARCHED_TASKS, type TaskCount } from '@agenthook/contracts';
import { READ_MS } from '../../archive/archive.js';
import { countArchived, MOST_COUNTED } from '../../archive/list-archived.js';
import type { Context } from '../../context.js';
import { isArchiveAway } from './archived-tasks.js';
import { isIndexed, type TaskFilter } from './fits-filter.js';
import { countIndexed } from './indexed-places.js';
import { scanTasks } from './scan-tasks.js';

/**
 * How many tasks match a filter. The index counts any number, the archive up to MOST_COUNTED. Other filters
 * count what they find among the newest MAX_COUNTED_TASKS tasks, or MAX_SEARCHED_TASKS with words.
 */
export async function countTasks(ctx: Context, filter: TaskFilter): Promise<TaskCount> {
  if (isIndexed(filter) && filter.text === undefined) {
    const stored = await countIndexed(ctx, filter);
    const archived = await countInArchive(ctx, filter);
    if (archived === undefined) return { count: stored, more: true, archive: 'unavailable' };
    return { count: stored + archived, more: archived >= MOST_COUNTED };
  }
  const most = filter.words?.length ? MAX_SEARCHED_TASKS : MAX_COUNTED_TASKS;
  const { tasks, next, isArchiveAway } = await scanTasks(ctx, filter, undefined, { limit: most, most });
  return {
    count: tasks.length,
    more: next !== undefined || isArchiveAway,
    ...(isArchiveAway && { archive: 'unavailable' as const }),
  };
}

/** How many tasks of the archive match; undefined if it does not answer. */
async function countInArchive({ archive }: Context, filter: TaskFilter): Promise<number | undefined> {
  try {
    return archive ? await countArchived(archive, filter, READ_MS) : 0;
  } catch (error) {
    if (isArchiveAway(error)) return undefined;
    throw error;
  }
}
