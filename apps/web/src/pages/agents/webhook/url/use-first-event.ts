import { api } from '../../../../api/client.js';
import type { SampleEvent } from '../../from-event/filter-of.js';
import { sampleOf } from '../../from-event/sample-of.js';

/** A request to a webhook, and its outcome. */
export type Arrived =
  | { verdict: 'runs'; at: string; id: string; event: SampleEvent | undefined }
  | {
      verdict: 'refused' | 'filtered';
      at: string;
      id: string;
      event: SampleEvent | undefined;
      reason: string;
    };

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
  const trace = api.useQuery(
    'get',
    '/api/tasks/{id}',
    { params: { path: { id: run?.task_id ?? '' } } },
    { enabled: run !== undefined, staleTime: Number.POSITIVE_INFINITY },
  ).data;
  if (run) {
    const event = trace && !('redacted' in trace) ? trace : undefined;
    return { verdict: 'runs', at: run.created_at, id: run.task_id, event };
  }
  const [rejection] = refused.data?.rejections ?? [];
  const [left] = filtered.data?.events ?? [];
  const found: Arrived[] = [];
  if (rejection && rejection.at >= since) {
    const detail = 'detail' in rejection ? `: ${rejection.detail}` : '';
    const { at, id, code } = rejection;
    found.push({ verdict: 'refused', at, id, event: eventOf(rejection), reason: `${code}${detail}` });
  }
  if (left && left.at >= since) {
    const { at, id, reason } = left;
    found.push({ verdict: 'filtered', at, id, event: eventOf(left), reason: REASONS[reason] ?? reason });
  }
  return found.sort((a, b) => (a.at < b.at ? 1 : -1))[0];
}

/** Undefined if the session may not see it. */
const eventOf = (kept: Parameters<typeof sampleOf>[0] | object): SampleEvent | undefined =>
  'body' in kept ? sampleOf(kept) : undefined;

const REASONS: Record<string, string> = {
  filter: 'The filter of the agent leaves it out.',
  ignored_sender: 'The agent ignores its sender.',
};
