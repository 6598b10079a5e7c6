import { type BulkCount, MAX_BULK_COUNT } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { countTasks } from '../tasks/list/count-tasks.js';
import type { BulkFilter } from './bulk-filter.js';
import { matchingItems } from './matching-items.js';

/** How long a count may take, in ms. */
const MOST_MS = 2_000;

/**
 * How many items match a filter now. Rejections and deliveries are looked at page by page, until
 * MAX_BULK_COUNT are found or the time is over.
 */
export async function countBulk(ctx: Context, filter: BulkFilter): Promise<BulkCount> {
  if (filter.of === 'tasks') {
    const { count, more } = await countTasks(ctx, filter.tasks);
    return { matching: count, is_complete: !more };
  }
  let matching = 0;
  const end = performance.now() + MOST_MS;
  for (let cursor = ''; matching < MAX_BULK_COUNT && performance.now() < end; ) {
    const { items, next } = await matchingItems(ctx, filter, cursor);
    matching += items.length;
    if (next === undefined) return { matching, is_complete: true };
    cursor = next;
  }
  return { matching, is_complete: false };
}
