import { useQueryClient } from '@tanstack/react-query';
import { api, type Schema } from '../../api/client.js';

/** How often the pauses are read, in ms. */
const POLL_MS = 15_000;

export type Pause = Schema<'Pause'>;
export type PauseTarget = Pick<Pause, 'scope' | 'agent_id' | 'provider'>;

/** What people have paused, kept current. */
export const usePauses = (): readonly Pause[] =>
  api.useQuery('get', '/api/pauses', {}, { refetchInterval: POLL_MS }).data?.pauses ?? [];

/** Begins and ends pauses. */
export function useChangePause() {
  const queryClient = useQueryClient();
  const onSuccess = async () => {
    await queryClient.invalidateQueries({ queryKey: ['get', '/api/pauses'] });
    await queryClient.invalidateQueries({ queryKey: ['get', '/api/agents'] });
    await queryClient.invalidateQueries({ queryKey: ['get', '/api/agents/{id}'] });
  };
  const pausing = api.useMutation('post', '/api/pause', { onSuccess });
  const resuming = api.useMutation('post', '/api/resume', { onSuccess });
  return {
    pause: (body: PauseTarget & { note?: string }) => pausing.mutateAsync({ body }),
    resume: (body: PauseTarget) => resuming.mutate({ body }),
    isPausing: pausing.isPending,
    isResuming: resuming.isPending,
  };
}
