import { useEffect } from 'react';
import type { RunFilters } from '../run-filters.js';
import { useRunList } from '../use-run-list.js';

/** The runs next to this one in the list it was opened from; none if the loaded part does not contain it. */
export function useNeighbours(
  taskId: string,
  filters: RunFilters,
): { newer: string | undefined; older: string | undefined } {
  const { list, more } = useRunList(filters);
  const runs = list?.runs ?? [];
  const at = runs.findIndex(({ task_id }) => task_id === taskId);
  const isLast = at !== -1 && at === runs.length - 1 && list?.next !== null;
  const { mutate, reset, isIdle } = more;
  useEffect(() => {
    if (isLast && isIdle) mutate(undefined, { onSuccess: reset });
  }, [isLast, isIdle, mutate, reset]);
  if (at === -1) return { newer: undefined, older: undefined };
  return { newer: runs[at - 1]?.task_id, older: runs[at + 1]?.task_id };
}
