import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/shell-route.js';
import { isMake, type Make } from './from-event/from-event-context.js';
import { isSort, type Sort } from './list/agent-rows.js';
import { isStart, type Start } from './new/start.js';

const agentListRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/agents',
  validateSearch: ({ q, sort }: Record<string, unknown>): { q?: string; sort?: Sort } => ({
    ...(q !== undefined && q !== '' ? { q: String(q) } : {}),
    ...(isSort(sort) ? { sort } : {}),
  }),
  component: lazyRouteComponent(() => import('./list/agent-list-page.js'), 'AgentListPage'),
});

/** `start` chooses how the new agent starts, `of` names the template or agent. */
const newAgentRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/agents/new',
  validateSearch: ({ start, of }: Record<string, unknown>): { start?: Start; of?: string } =>
    isStart(start) ? { start, ...(typeof of === 'string' ? { of } : {}) } : {},
  component: lazyRouteComponent(() => import('./new/new-agent-page.js'), 'NewAgentPage'),
});

/**
 * `payload_from` names a task, or a kept event, whose payload fills the prompt preview and Try it, which is
 * shown first. `make` says what to make from it.
 */
const agentRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/agents/$agentId',
  validateSearch: ({
    payload_from,
    make,
  }: Record<string, unknown>): { payload_from?: string; make?: Make } =>
    typeof payload_from === 'string' ? { payload_from, ...(isMake(make) && { make }) } : {},
  component: lazyRouteComponent(() => import('./editor/agent-page.js'), 'AgentPage'),
});

export const agentRoutes = [agentListRoute, newAgentRoute, agentRoute] as const;
