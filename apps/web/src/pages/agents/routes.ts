import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/shell-route.js';

const agentListRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/agents',
  component: lazyRouteComponent(() => import('./agent-list-page.js'), 'AgentListPage'),
});

/** `payload_from` names a task: the prompt is shown as its payload fills it. */
const agentRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/agents/$agentId',
  validateSearch: ({ payload_from }: Record<string, unknown>): { payload_from?: string } =>
    typeof payload_from === 'string' ? { payload_from } : {},
  component: lazyRouteComponent(() => import('./editor/agent-page.js'), 'AgentPage'),
});

export const agentRoutes = [agentListRoute, agentRoute] as const;
