import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../../../api/client.js';
import { agentQuery } from '../../editor/draft/use-save.js';

/** Rotates the secret of an agent's callback. */
export function useRotateSecret(agentId: string) {
  const queryClient = useQueryClient();
  const { mutateAsync, isPending } = api.useMutation('post', '/api/agents/{id}/callback/rotate', {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: agentQuery(agentId).queryKey }),
  });
  return {
    isRotating: isPending,
    /** Resolves to the new secret, which is returned only once. */
    rotate: async (overlapSeconds: number): Promise<string> => {
      const rotated = await mutateAsync({
        params: { path: { id: agentId } },
        body: { overlap_seconds: overlapSeconds },
      });
      return rotated.secret;
    },
  };
}
