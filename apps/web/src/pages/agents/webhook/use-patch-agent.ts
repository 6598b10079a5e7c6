import { api, type Schema } from '../../../api/client.js';
import type { Agent } from '../editor/draft/draft.js';
import { useReadAgent, useShowSaved } from '../editor/draft/use-save.js';

/**
 * Saves a part of an agent by itself, on top of the version that is shown: where another was saved meanwhile, nothing is
 * saved, the error says so, and the page shows that one.
 */
export function usePatchAgent(agent: Agent) {
  const showSaved = useShowSaved();
  const readAgent = useReadAgent();
  const { mutateAsync, error, isPending, reset } = api.useMutation('patch', '/api/agents/{id}', {
    meta: { quiet: true },
    // The body may hold secrets.
    gcTime: 0,
  });

  /** The agent as it was saved; undefined where it was refused. */
  const patch = async (body: Schema<'AgentPatch'>): Promise<Agent | undefined> => {
    try {
      const saved = await mutateAsync({
        params: { path: { id: agent.id }, header: { 'if-match': `"${agent.version}"` } },
        body,
      });
      // A secret that was made is for its one reader, not for the cache.
      showSaved(saved.callback ? { ...saved, callback: { ...saved.callback, secret: true } } : saved);
      return saved;
    } catch {
      // `error` has it. The page may be behind: what is shown next is what is saved.
      await readAgent(agent.id).catch(() => {});
      return undefined;
    }
  };
  return { patch, error, isPending, reset };
}
