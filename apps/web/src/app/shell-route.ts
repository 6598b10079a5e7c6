import { createRoute, redirect } from '@tanstack/react-router';
import { isProblem } from '../api/problem.js';
import { NotFound } from './not-found.js';
import { rootRoute } from './root-route.js';
import { sessionQuery } from './session.js';
import { Shell } from './shell.js';
import { ShellError } from './shell-error.js';

/** Wraps every page that needs a session. Without one, it redirects to the sign-in page and back. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  component: Shell,
  errorComponent: ShellError,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(sessionQuery);
    } catch (error) {
      if (isProblem(error) && error.status === 401) {
        throw redirect({ to: '/sign-in', search: { back: location.href } });
      }
      throw error;
    }
  },
});

/** Matches every unknown URL. */
export const notFoundRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '$',
  component: NotFound,
});
