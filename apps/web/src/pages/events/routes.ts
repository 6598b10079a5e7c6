import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/shell-route.js';
import { validateEventFilters } from './event-filters.js';

const eventsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/events',
  validateSearch: validateEventFilters,
  component: lazyRouteComponent(() => import('./events-page.js'), 'EventsPage'),
});

export const eventRoutes = [eventsRoute] as const;
