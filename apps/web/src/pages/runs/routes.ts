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

const taskIdOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value) ? value : undefined;

/** Two runs beside each other. */
const compareRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/compare',
  validateSearch: (search: Record<string, unknown>): { a?: string; b?: string } => {
    const [a, b] = [taskIdOf(search.a), taskIdOf(search.b)];
    return { ...(a !== undefined && { a }), ...(b !== undefined && { b }) };
  },
  component: lazyRouteComponent(() => import('./compare/compare-page.js'), 'ComparePage'),
});

export const runRoutes = [runListRoute, runRoute, compareRoute] as const;
