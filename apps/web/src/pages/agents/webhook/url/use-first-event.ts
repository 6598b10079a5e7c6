import { api } from '../../../../api/client.js';

/** A request to a webhook, and its outcome. */
export type Arrived =
  | { verdict: 'runs'; at: string; taskId: string }
  | { verdict: 'refused' | 'filtered'; at: string; reason: string };

const POLL_MS = 1_500;

/** The newest request to an agent's webhook since a time; asked for until an event runs. */
export function useFirstEvent(agentId: string, since: string): Arrived | undefined {
  const path = { id: agentId };
  const query = { agent_id: agentId, trigger: ['webhook' as const], from: since, limit: 1 };
  const runs = api.useQuery(
    'get',
    '/api/tasks',
    { params: { query } },
    { refetchInterval: ({ state }) => (state.data?.tasks.length ? false : POLL_MS) },
  );
  const [run] = runs.data?.tasks ?? [];
  const options = { refetchInterval: run ? (false as const) : POLL_MS };
  const params = { params: { path, query: { limit: 1 } } };
  const refused = api.useQuery('get', '/api/agents/{id}/rejections', params, options);
  const filtered = api.useQuery('get', '/api/agents/{id}/filtered', params, options);
  if (run) return { verdict: 'runs', at: run.created_at, taskId: run.task_id };
  const [rejection] = refused.data?.rejections ?? [];
  const [left] = filtered.data?.events ?? [];
  const found: Arrived[] = [];
  if (rejection && rejection.at >= since) {
    const detail = 'detail' in rejection ? `: ${rejection.detail}` : '';
    found.push({ verdict: 'refused', at: rejection.at, reason: `${rejection.code}${detail}` });
  }
  if (left && left.at >= since)
    found.push({ verdict: 'filtered', at: left.at, reason: REASONS[left.reason] ?? left.reason });
  return found.sort((a, b) => (a.at < b.at ? 1 : -1))[0];
}

const REASONS: Record<string, string> = {
  filter: 'The filter of the agent leaves it out.',
  ignored_sender: 'The agent ignores its sender.',
};
