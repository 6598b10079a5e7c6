import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/shell-route.js';

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/conversations',
  validateSearch: (search: Record<string, unknown>): { agent?: string } =>
    typeof search.agent === 'string' ? { agent: search.agent } : {},
  component: lazyRouteComponent(() => import('./conversation-list-page.js'), 'ConversationListPage'),
});

const conversationRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/conversations/$conversationId',
  component: lazyRouteComponent(() => import('./conversation-page.js'), 'ConversationPage'),
});

export const conversationRoutes = [listRoute, conversationRoute] as const;
