import { useSuspenseQuery } from '@tanstack/react-query';
import type { RegisteredRouter } from '@tanstack/react-router';
import { api } from '../api/client.js';

/** The signed-in session. Read once; a 401 of any other call ends it. */
export const sessionQuery = api.queryOptions(
  'get',
  '/api/session',
  {},
  // Who waits for it sees nothing yet, so a failure is shown at once and retried from there.
  { staleTime: Number.POSITIVE_INFINITY, retry: false },
);

type Session = Awaited<ReturnType<Exclude<(typeof sessionQuery)['queryFn'], undefined>>>;
export type Role = Session['role'];

/** Weakest first. Each role may also do what those before it may. */
const ROLES: readonly Role[] = ['viewer', 'operator', 'admin'];

/**
 * The session and its permissions: `can('operator')`. `why('operator')` is the tooltip of a disabled button;
 * undefined if the action is allowed.
 */
export function useSession() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const can = (role: Role): boolean => ROLES.indexOf(session.role) >= ROLES.indexOf(role);
  const why = (role: Role): string | undefined =>
    can(role) ? undefined : `This needs the role ${role}; you are signed in as ${session.role}.`;
  return { session, can, why };
}

/** Clears the cache and goes to the sign-in page, which returns here afterwards. */
export function leaveForSignIn(router: RegisteredRouter): void {
  const { pathname, href } = router.state.location;
  if (pathname === '/sign-in') return;
  void router.navigate({ to: '/sign-in', search: { back: href } }).then(() => {
    // A page with unsaved changes stays open.
    if (router.state.location.pathname === '/sign-in') router.options.context.queryClient.clear();
  });
}
