import { api } from '../../../../api/client.js';

const REFRESH_MS = 10_000;

/** An agent's counts of the last 24 hours, hour by hour; undefined while loading. */
export const useAgentStats = (agentId: string) =>
  api.useQuery(
    'get',
    '/api/stats',
    { params: { query: { agent_id: [agentId], bucket: 'hour' } } },
    { refetchInterval: REFRESH_MS },
  ).data;
