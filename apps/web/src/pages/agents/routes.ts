import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/shell-route.js';

const agentListRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/agents',
  component: lazyRouteComponent(() => import('./agent-list-page.js'), 'AgentListPage'),
});

export const agentRoutes = [agentListRoute] as const;
