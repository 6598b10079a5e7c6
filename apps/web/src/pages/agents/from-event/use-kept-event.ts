import { useMemo } from 'react';
import { api } from '../../../api/client.js';
import { sampleOf } from './sample-of.js';

/** As many as the api keeps of each kind. */
const ALL = 100;

/** Whether an id is that of a rejection or a filtered event, and not a task's. */
export const isKeptEvent = (id: string | null): id is string => id !== null && /^(rej|flt)_/.test(id);

/** The payload and headers of a rejection or a filtered event of an agent. */
export function useKeptEvent(agentId: string, id: string | undefined) {
  const params = { params: { path: { id: agentId }, query: { limit: ALL } } };
  const isFiltered = id?.startsWith('flt_') ?? false;
  const lasting = { staleTime: Number.POSITIVE_INFINITY };
  const refused = api.useQuery('get', '/api/agents/{id}/rejections', params, {
    ...lasting,
    enabled: id !== undefined && !isFiltered,
  });
  const filtered = api.useQuery('get', '/api/agents/{id}/filtered', params, {
    ...lasting,
    enabled: isFiltered,
  });
  const found = isFiltered
    ? filtered.data?.events.find((event) => event.id === id)
    : refused.data?.rejections.find((event) => event.id === id);
  const event = useMemo(
    () => (id === undefined || !found || 'redacted' in found ? undefined : { ...sampleOf(found), query: {} }),
    [id, found],
  );
  const { isLoading, error } = isFiltered ? filtered : refused;
  return {
    event,
    isLoading: id !== undefined && isLoading,
    isWithheld: found !== undefined && 'redacted' in found,
    error,
  };
}
