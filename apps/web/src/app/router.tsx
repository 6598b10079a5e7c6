import type { QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { agentRoutes } from '../pages/agents/routes.js';
import { alertRoutes } from '../pages/alerts/routes.js';
import { approvalRoutes } from '../pages/approvals/routes.js';
import { auditRoutes } from '../pages/audit/routes.js';
import { budgetRoutes } from '../pages/budgets/routes.js';
import { bulkRoutes } from '../pages/bulk/routes.js';
import { conversationRoutes } from '../pages/conversations/routes.js';
import { eventRoutes } from '../pages/events/routes.js';
import { overviewRoutes } from '../pages/overview/routes.js';
import { runRoutes } from '../pages/runs/routes.js';
import { scheduleRoutes } from '../pages/schedules/routes.js';
import { settingsRoutes } from '../pages/settings/routes.js';
import { sharedRoute } from '../pages/shared/route.js';
import { signInRoute } from '../pages/sign-in/route.js';
import { NotFound } from './not-found.js';
import { PageError } from './page-error.js';
import { PageSkeleton } from './page-skeleton.js';
import { rootRoute } from './root-route.js';
import { notFoundRoute, shellRoute } from './shell-route.js';

const routeTree = rootRoute.addChildren([
  signInRoute,
  sharedRoute,
  shellRoute.addChildren([
    ...overviewRoutes,
    ...agentRoutes,
    ...runRoutes,
    ...eventRoutes,
    ...scheduleRoutes,
    ...bulkRoutes,
    ...approvalRoutes,
    ...conversationRoutes,
    ...budgetRoutes,
    ...alertRoutes,
    ...auditRoutes,
    ...settingsRoutes,
    notFoundRoute,
  ]),
]);

/** Every page of the Studio. A page's code loads when its link is first hovered or opened. */
export const createAppRouter = (queryClient: QueryClient) =>
  createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: 'intent',
    defaultPendingComponent: PageSkeleton,
    defaultPendingMs: 150,
    defaultPendingMinMs: 0,
    defaultErrorComponent: PageError,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
    // Drops what a page's validateSearch does not return; otherwise it would stay, unchecked.
    search: { strict: true },
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
