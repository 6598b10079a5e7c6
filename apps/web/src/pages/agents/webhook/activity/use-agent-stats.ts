import { api } from '../../../../api/client.js';

const REFRESH_MS = 10_000;

/** What became of an agent's posts in the last 24 hours, hour by hour; undefined until it is known. */
export const useAgentStats = (agentId: string) =>
  api.useQuery(
    'get',
    '/api/stats',
    { params: { query: { agent_id: [agentId], bucket: 'hour' } } },
    { refetchInterval: REFRESH_MS },
  ).data;
