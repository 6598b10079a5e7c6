import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/shell-route.js';
import { auditFilterOf } from './audit-filter.js';

const auditRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/audit',
  validateSearch: auditFilterOf,
  component: lazyRouteComponent(() => import('./audit-page.js'), 'AuditPage'),
});

export const auditRoutes = [auditRoute] as const;
