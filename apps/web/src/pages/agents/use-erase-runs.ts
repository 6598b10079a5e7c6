import { useMutation, useQueryClient } from '@tanstack/react-query';
import { eraseRuns } from '../../components/erase-runs.js';

/** Erases all runs of an agent. */
export function useEraseRuns(agentId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => eraseRuns({ agent_id: agentId }),
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ['run-list'] });
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/tasks'] });
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/agents/{id}/rejections'] });
    },
  });
}
