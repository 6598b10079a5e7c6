import { useNavigate } from '@tanstack/react-router';
import { type FilterChange, validateFilters } from './run-filters.js';

/** Changes some filters of the list of runs, in the URL. */
export function useFilterChange(): (change: FilterChange) => void {
  const navigate = useNavigate();
  return (change) =>
    void navigate({
      to: '/runs',
      search: (before) => validateFilters({ ...before, ...change }),
      replace: true,
    });
}
