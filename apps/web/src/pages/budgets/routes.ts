import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/shell-route.js';

const budgetsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/budgets',
  component: lazyRouteComponent(() => import('./budgets-page.js'), 'BudgetsPage'),
});

export const budgetRoutes = [budgetsRoute] as const;
