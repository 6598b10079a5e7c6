import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../../../api/client.js';
import { agentQuery } from '../../editor/draft/use-save.js';

/**
 * Returns the URL as this page's user can reach it. Without PUBLIC_URL, the api only knows itself as
 * localhost, but this page knows the address it was loaded from.
 */
function asReached(url: string): string {
  const { hostname, pathname } = new URL(url);
  return hostname === 'localhost' ? `${location.origin}${pathname}` : url;
}

/** The actions on an agent's webhook URL. Each refreshes the agent afterwards. */
export function useWebhook(agentId: string) {
  const queryClient = useQueryClient();
  const params = { path: { id: agentId } };
  const onSuccess = async () => {
    await queryClient.invalidateQueries({ queryKey: agentQuery(agentId).queryKey });
    void queryClient.invalidateQueries({ queryKey: ['get', '/api/agents'] });
  };
  const mint = api.useMutation('post', '/api/agents/{id}/webhook', { onSuccess });
  const revoke = api.useMutation('delete', '/api/agents/{id}/webhook', { onSuccess });
  const endPrevious = api.useMutation('delete', '/api/agents/{id}/webhook/previous', { onSuccess });
  return {
    isMinting: mint.isPending,
    /** Resolves to the whole URL, which is returned only once. Without `token`, its token is a new one. */
    mint: async (overlapSeconds: number, token?: string): Promise<string> => {
      const body = { overlap_seconds: overlapSeconds, ...(token !== undefined && { token }) };
      return asReached((await mint.mutateAsync({ params, body })).webhook_url);
    },
    revoke: () => revoke.mutate({ params }),
    endPrevious: () => endPrevious.mutate({ params }),
  };
}
