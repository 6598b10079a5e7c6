import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/client.js';

const PAGE = 100;

/** The name of every agent by id; undefined while loading. */
export function useAgentNames(): ReadonlyMap<string, string> | undefined {
  const queryClient = useQueryClient();
  const { data } = useQuery({
    queryKey: ['agent-names'],
    queryFn: async () => {
      const names = new Map<string, string>();
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const query = { limit: PAGE, fields: 'id,name', ...(cursor ? { cursor } : {}) };
        const page = await queryClient.fetchQuery(
          api.queryOptions('get', '/api/agents', { params: { query } }),
        );
        for (const { id, name } of page.agents) names.set(id, name);
        cursor = page.next_cursor;
      }
      return names;
    },
    staleTime: 30_000,
    structuralSharing: false,
  });
  return data;
}
