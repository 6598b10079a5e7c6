import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/shell-route.js';
import { isKind } from './behind.js';
import type { OverviewSearch } from './overview-search.js';
import { isRange } from './range.js';

const AGENT_ID = /^[\w-]{1,100}$/;

const overviewRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  validateSearch: ({ range, by, agent }: Record<string, unknown>): OverviewSearch => ({
    ...(isRange(range) && { range }),
    ...(isKind(by) && { by }),
    ...(typeof agent === 'string' && AGENT_ID.test(agent) && { agent }),
  }),
  component: lazyRouteComponent(() => import('./overview-page.js'), 'OverviewPage'),
});

export const overviewRoutes = [overviewRoute] as const;
