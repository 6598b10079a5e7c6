import { api, type Schema } from '../../api/client.js';

/** The newest agents, on one page of the api; undefined while they load. */
export function useFirstAgents(): readonly Schema<'Agent'>[] | undefined {
  const { data, error } = api.useQuery('get', '/api/agents', { params: { query: { limit: 100 } } });
  return data?.agents ?? (error ? [] : undefined);
}
