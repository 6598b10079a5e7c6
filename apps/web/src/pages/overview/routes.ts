import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/shell-route.js';
import { isKind, type Kind } from './behind.js';
import { isRange, type RangeValue } from './range.js';

const overviewRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  validateSearch: ({ range, by }: Record<string, unknown>): { range?: RangeValue; by?: Kind } => ({
    ...(isRange(range) && { range }),
    ...(isKind(by) && { by }),
  }),
  component: lazyRouteComponent(() => import('./overview-page.js'), 'OverviewPage'),
});

export const overviewRoutes = [overviewRoute] as const;
