import { useEffect, useState } from 'react';
import { api } from '../../api/client.js';

const BEGINNING = '#link=';

/**
 * Signs in by the link that opened the page, if one did. Its token is in the fragment, which no server sees,
 * and leaves the address at once, so that the browser's history has no use for it.
 */
export function useSignInLink(onSignedIn: () => void): { isUsed: boolean; error: unknown } {
  const [token] = useState(() => {
    const { hash } = window.location;
    return hash.startsWith(BEGINNING) ? decodeURIComponent(hash.slice(BEGINNING.length)) : undefined;
  });
  const { mutate, isIdle, error } = api.useMutation('post', '/api/session/links/use', {
    meta: { quiet: true, signsIn: true },
    onSuccess: onSignedIn,
  });
  useEffect(() => {
    if (token === undefined || !isIdle) return;
    window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
    mutate({ body: { token } });
  }, [token, isIdle, mutate]);
  return { isUsed: token !== undefined && error === null, error };
}
