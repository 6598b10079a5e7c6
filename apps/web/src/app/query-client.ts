import { notifications } from '@mantine/notifications';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { explain, isProblem, isUnreachable } from '../api/problem.js';

declare module '@tanstack/react-query' {
  interface Register {
    /**
     * `quiet`: the component shows the error itself, so do not show a notification. `signsIn`: a refused key
     * does not end the session.
     */
    mutationMeta: { quiet?: boolean; signsIn?: boolean };
  }
}

const MAX_RETRIES = 4;
const isSignedOut = (error: unknown) => isProblem(error) && error.code === 'unauthorized';

/**
 * The cache of all answers. Unreachable requests are retried; refused ones are not.
 *
 * @param onSignedOut called when the api no longer accepts the session
 */
export function createAppQueryClient({ onSignedOut }: { onSignedOut: () => void }): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (isSignedOut(error)) onSignedOut();
      },
    }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _context, mutation) => {
        if (isSignedOut(error) && !mutation.meta?.signsIn) onSignedOut();
        if (isSignedOut(error)) return;
        if (mutation.meta?.quiet) return;
        const { title, detail } = explain(error);
        notifications.show({ color: 'red', title, message: detail, autoClose: 10_000 });
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (count, error) => isUnreachable(error) && count < MAX_RETRIES,
        // A local api answers without any network, so only its answers decide whether it is offline.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
}
