import { useEffect, useState } from 'react';
import { api } from '../../api/client.js';

const BEGINNING = '#link=';

const tokenInAddress = (): string | undefined => {
  const { hash } = window.location;
  return hash.startsWith(BEGINNING) ? hash.slice(BEGINNING.length) : undefined;
};

/**
 * Signs in by the link that opened the page, or by one that is opened while the page is shown. Its token is
 * in the fragment, which no server sees. It leaves the address at once, so that the history keeps no token.
 */
export function useSignInLink(onSignedIn: () => void): { isUsed: boolean; error: unknown } {
  const [isOpened] = useState(() => tokenInAddress() !== undefined);
  const { mutate, isIdle, error } = api.useMutation('post', '/api/session/links/use', {
    meta: { quiet: true, signsIn: true },
    onSuccess: onSignedIn,
  });
  useEffect(() => {
    const use = () => {
      const token = tokenInAddress();
      if (token === undefined) return;
      const { pathname, search } = window.location;
      window.history.replaceState(window.history.state, '', pathname + search);
      mutate({ body: { token } });
    };
    use();
    // A link in the tab that shows this page changes only the fragment.
    window.addEventListener('hashchange', use);
    return () => window.removeEventListener('hashchange', use);
  }, [mutate]);
  return { isUsed: error === null && (isOpened || !isIdle), error };
}
