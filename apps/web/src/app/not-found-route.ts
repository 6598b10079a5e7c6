import { createRoute } from '@tanstack/react-router';
import { NotFound } from './not-found.js';
import { shellRoute } from './shell-route.js';

/** Every other address. */
export const notFoundRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '$',
  component: NotFound,
});
