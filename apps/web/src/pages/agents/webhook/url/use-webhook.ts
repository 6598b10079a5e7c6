import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../../../api/client.js';
import { agentQuery } from '../../editor/draft/use-save.js';

/**
 * A URL as whoever is on this page can use it. Without PUBLIC_URL the api only knows that it is called localhost on its own
 * machine; this page knows an address under which it was reached.
 */
function asReached(url: string): string {
  const { hostname, pathname } = new URL(url);
  return hostname === 'localhost' ? `${location.origin}${pathname}` : url;
}

/** What can be done to an agent's webhook. Each reads the agent anew when it is done. */
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
    /** Resolves to the whole URL, which is told this once. */
    mint: async (overlapSeconds: number): Promise<string> =>
      asReached((await mint.mutateAsync({ params, body: { overlap_seconds: overlapSeconds } })).webhook_url),
    revoke: () => revoke.mutate({ params }),
    endPrevious: () => endPrevious.mutate({ params }),
  };
}
