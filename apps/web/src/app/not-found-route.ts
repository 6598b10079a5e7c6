import { createRoute } from '@tanstack/react-router';
import { NotFound } from './not-found.js';
import { shellRoute } from './shell-route.js';

/** Matches every unknown URL. */
export const notFoundRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '$',
  component: NotFound,
});
