import { api } from '../../../../api/client.js';

const SHOWN = 5;
const POLL_MS = 5_000;

/** The latest callback deliveries of an agent, polled. */
export const useAgentDeliveries = (agentId: string, enabled = true) =>
  api.useQuery(
    'get',
    '/api/agents/{id}/callbacks',
    { params: { path: { id: agentId }, query: { limit: SHOWN } } },
    { enabled, refetchInterval: POLL_MS },
  );
