import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../../../api/client.js';
import { explain, isProblem, isUnreachable } from '../../../../api/problem.js';
import { placeInForm } from '../../../../components/place-words.js';
import type { Agent, Values } from './draft.js';
import { useDraft } from './use-draft.js';

export const agentQuery = (id: string) =>
  api.queryOptions('get', '/api/agents/{id}', { params: { path: { id } } });

/** Whether the api says that the agent does not exist, or no longer does. */
export const isUnknownAgent = (error: unknown): boolean => isProblem(error) && error.code === 'unknown_agent';

/** Puts a complete agent from the api into the cache, and refreshes every list of agents. */
export function useShowSaved() {
  const queryClient = useQueryClient();
  return (agent: Agent): void => {
    queryClient.setQueryData(agentQuery(agent.id).queryKey, agent);
    void queryClient.invalidateQueries({ queryKey: ['get', '/api/agents'] });
    void queryClient.invalidateQueries({ queryKey: ['get', '/api/agents/{id}/versions'] });
  };
}

/** Reads the agent's current state. */
export function useReadAgent() {
  const queryClient = useQueryClient();
  return (id: string): Promise<Agent> => queryClient.fetchQuery({ ...agentQuery(id), staleTime: 0 });
}

/**
 * Saves the draft's changes on top of the version that it is based on. If another version was saved first,
 * calls `onConflict` with it and saves nothing.
 */
export function useSave(onConflict: (newer: Agent) => void) {
  const { draft, dispatch } = useDraft();
  const showSaved = useShowSaved();
  const readAgent = useReadAgent();
  // Its variables may contain secrets, so they are not cached.
  const patch = api.useMutation('patch', '/api/agents/{id}', { meta: { quiet: true }, gcTime: 0 });

  /** @param base defaults to the draft's base; "save mine on top" passes the newer version */
  async function save(base: Agent = draft.base): Promise<void> {
    const unreadable = Object.entries(draft.unreadable);
    if (unreadable.length > 0) {
      const places = unreadable.map(([path]) => placeInForm(path));
      notifications.show({
        color: 'red',
        title: 'Not saved',
        message: `Not valid JSON yet: ${places.join('; ')}.`,
      });
      return;
    }
    const sent: Partial<Values> = draft.edits;
    try {
      const agent = await patch.mutateAsync({
        params: { path: { id: base.id }, header: { 'if-match': `"${base.version}"` } },
        body: sent,
      });
      dispatch({ do: 'saved', sent, agent });
      showSaved(agent);
      const isDoubtful = agent.warnings.length > 0;
      notifications.show({
        color: isDoubtful ? 'orange' : 'green',
        title: `Saved as v${agent.version}`,
        message: isDoubtful ? 'New runs use it. It may not work: see above.' : 'New runs use it.',
      });
    } catch (error) {
      if (isProblem(error) && error.code === 'version_conflict') {
        patch.reset();
        return onConflict(await readAgent(base.id));
      }
      if (isProblem(error) && error.code === 'unauthorized') return patch.reset();
      if (isUnreachable(error)) {
        patch.reset();
        const { title, detail } = explain(error);
        notifications.show({
          color: 'red',
          title: `Not saved: ${title}`,
          message: detail,
          autoClose: 10_000,
        });
        return;
      }
      dispatch({ do: 'refuse', issues: (isProblem(error) && error.errors) || [] });
    }
  }
  return {
    save,
    isSaving: patch.isPending,
    error: patch.error,
    /** What the last save found that may not work. */
    warnings: patch.data?.warnings ?? [],
    forget: patch.reset,
  };
}
