import { api, type Schema } from '../../../api/client.js';
import type { Agent } from '../editor/draft/draft.js';
import { useReadAgent, useShowSaved } from '../editor/draft/use-save.js';

/**
 * Saves part of an agent at once, on top of the shown version. If another version was saved first, it saves
 * nothing, reports the error, and shows that version.
 */
export function usePatchAgent(agent: Agent) {
  const showSaved = useShowSaved();
  const readAgent = useReadAgent();
  const { mutateAsync, error, isPending, reset } = api.useMutation('patch', '/api/agents/{id}', {
    meta: { quiet: true },
    // The body may contain secrets.
    gcTime: 0,
  });

  /** Returns the saved agent; undefined on an error. */
  const patch = async (body: Schema<'AgentPatch'>): Promise<Agent | undefined> => {
    try {
      const saved = await mutateAsync({
        params: { path: { id: agent.id }, header: { 'if-match': `"${agent.version}"` } },
        body,
      });
      // A new secret is for its one reader, not for the cache.
      showSaved(saved.callback ? { ...saved, callback: { ...saved.callback, secret: true } } : saved);
      return saved;
    } catch {
      // `error` holds the reason. The page may be stale, so it shows the saved agent next.
      await readAgent(agent.id).catch(() => {});
      return undefined;
    }
  };
  return { patch, error, isPending, reset };
}
