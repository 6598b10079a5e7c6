import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/shell-route.js';
import { type RunFilters, validateFilters } from './run-filters.js';

const runListRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/runs',
  validateSearch: validateFilters,
  component: lazyRouteComponent(() => import('./run-list-page.js'), 'RunListPage'),
});

/** Keeps the filters of the list it was opened from. `item` is the chosen part of the run. */
const runRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/runs/$taskId',
  validateSearch: (search: Record<string, unknown>): RunFilters & { item?: string } => ({
    ...validateFilters(search),
    ...(typeof search.item === 'string' ? { item: search.item } : {}),
  }),
  component: lazyRouteComponent(() => import('./detail/run-page.js'), 'RunPage'),
});

export const runRoutes = [runListRoute, runRoute] as const;
