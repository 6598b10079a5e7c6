import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/shell-route.js';

const approvalsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/approvals',
  component: lazyRouteComponent(() => import('./approvals-page.js'), 'ApprovalsPage'),
});

export const approvalRoutes = [approvalsRoute] as const;
