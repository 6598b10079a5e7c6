import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/shell-route.js';

const bulkRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/bulk',
  component: lazyRouteComponent(() => import('./bulk-page.js'), 'BulkPage'),
});

export const bulkRoutes = [bulkRoute] as const;
