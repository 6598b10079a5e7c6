import { api } from '../../../../api/client.js';

const SHOWN = 5;
const POLL_MS = 5_000;

/** The latest posts to an agent's callback, read again and again. */
export const useAgentDeliveries = (agentId: string, enabled = true) =>
  api.useQuery(
    'get',
    '/api/agents/{id}/callbacks',
    { params: { path: { id: agentId }, query: { limit: SHOWN } } },
    { enabled, refetchInterval: POLL_MS },
  );
