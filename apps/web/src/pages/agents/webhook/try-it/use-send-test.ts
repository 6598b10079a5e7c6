import { useQueryClient } from '@tanstack/react-query';
import { api, type Schema } from '../../../../api/client.js';

export type Send = 'direct' | 'signed' | 'unsigned' | 'tampered';

/** Sends tests to an agent. `test` is the last one, with its answer. */
export function useSendTest(agentId: string) {
  const queryClient = useQueryClient();
  const { mutate, data, error, isPending } = api.useMutation('post', '/api/agents/{id}/test', {
    meta: { quiet: true },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['get', '/api/tasks'] }),
  });
  return {
    test: data as Schema<'AgentTest'> | undefined,
    error,
    isSending: isPending,
    sendTest: (body: { payload: unknown; headers: Record<string, string>; send: Send }) =>
      mutate({ params: { path: { id: agentId } }, body }),
  };
}
