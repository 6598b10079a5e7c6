import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/shell-route.js';
import { isRange, type RangeValue } from './range.js';

const overviewRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  validateSearch: ({ range }: Record<string, unknown>): { range?: RangeValue } =>
    isRange(range) ? { range } : {},
  component: lazyRouteComponent(() => import('./overview-page.js'), 'OverviewPage'),
});

export const overviewRoutes = [overviewRoute] as const;
