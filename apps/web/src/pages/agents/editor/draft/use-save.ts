import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../../../api/client.js';
import { explain, isProblem, isUnreachable } from '../../../../api/problem.js';
import type { Agent, Values } from './draft.js';
import { useDraft } from './use-draft.js';

export const agentQuery = (id: string) =>
  api.queryOptions('get', '/api/agents/{id}', { params: { path: { id } } });

/** Whether it says that there is no such agent, or none any more. */
export const isUnknownAgent = (error: unknown): boolean => isProblem(error) && error.code === 'unknown_agent';

/** Puts an answer of the api that is a whole agent where the pages read it from, and asks anew for what lists agents. */
export function useShowSaved() {
  const queryClient = useQueryClient();
  return (agent: Agent): void => {
    queryClient.setQueryData(agentQuery(agent.id).queryKey, agent);
    void queryClient.invalidateQueries({ queryKey: ['get', '/api/agents'] });
    void queryClient.invalidateQueries({ queryKey: ['get', '/api/agents/{id}/versions'] });
  };
}

/** Reads an agent as it is now. */
export function useReadAgent() {
  const queryClient = useQueryClient();
  return (id: string): Promise<Agent> => queryClient.fetchQuery({ ...agentQuery(id), staleTime: 0 });
}

/**
 * Saves the draft: what changed, on top of the version that it is based on. Where another version was saved meanwhile,
 * `onConflict` gets that one, and nothing is saved.
 */
export function useSave(onConflict: (newer: Agent) => void) {
  const { draft, dispatch } = useDraft();
  const showSaved = useShowSaved();
  const readAgent = useReadAgent();
  // Its variables may hold secrets, so they are not kept.
  const patch = api.useMutation('patch', '/api/agents/{id}', { meta: { quiet: true }, gcTime: 0 });

  /** @param base defaults to the draft's; the newer version for "save mine on top" */
  async function save(base: Agent = draft.base): Promise<void> {
    const unreadable = Object.entries(draft.unreadable);
    if (unreadable.length > 0) {
      const places = unreadable.map(([path]) => path.slice(1).replaceAll('/', ', '));
      notifications.show({ color: 'red', title: 'Not saved', message: `No JSON yet: ${places.join('; ')}.` });
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
      notifications.show({
        color: 'green',
        title: `Saved as v${agent.version}`,
        message: 'New runs use it.',
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
  return { save, isSaving: patch.isPending, error: patch.error, forgetError: patch.reset };
}
