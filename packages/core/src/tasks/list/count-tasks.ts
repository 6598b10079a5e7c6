import { MAX_COUNTED_TASKS, MAX_SEARCHED_TASKS, type TaskCount } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { isIndexed, type TaskFilter } from './fits-filter.js';
import { countIndexed } from './indexed-places.js';
import { scanTasks } from './scan-tasks.js';

/**
 * How many tasks match a filter. The index counts any number at once; of other filters, the tasks that
 * MAX_COUNTED_TASKS or, with words, MAX_SEARCHED_TASKS reach.
 */
export async function countTasks(ctx: Context, filter: TaskFilter): Promise<TaskCount> {
  if (isIndexed(filter) && filter.text === undefined)
    return { count: await countIndexed(ctx, filter), more: false };
  const most = filter.words?.length ? MAX_SEARCHED_TASKS : MAX_COUNTED_TASKS;
  const { tasks, next } = await scanTasks(ctx, filter, undefined, { limit: most, most });
  return { count: tasks.length, more: next !== undefined };
}
