import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client } from '../../../../api/client.js';
import { isProblem } from '../../../../api/problem.js';
import { useSession } from '../../../../app/session.js';
import { useDraft } from '../draft/use-draft.js';

/** How long typing must pause before the api is called, in ms. */
const PAUSE_MS = 400;
/** How long an answer that is no longer shown stays cached, in ms. */
const CACHE_MS = 5_000;
/** New events come in. */
const REFRESH_MS = 30_000;

/** What the draft's filter would do with the agent's past events, and its first fault if it has one. */
export function useFilterTest() {
  const { draft, values } = useDraft();
  const { can } = useSession();
  const filter = values.filter ?? null;
  const ignored = values.ignore_senders ?? [];
  const [wanted] = useDebouncedValue(JSON.stringify({ filter, ignored }), PAUSE_MS, { leading: true });
  const { data, error } = useQuery({
    queryKey: ['filter-test', draft.base.id, wanted],
    queryFn: async ({ signal }) => {
      const asked = JSON.parse(wanted) as { filter: string | null; ignored: string[] };
      const { data: answer, error: refusal } = await client.POST('/api/agents/{id}/filter/test', {
        params: { path: { id: draft.base.id } },
        body: { filter: asked.filter, ignore_senders: asked.ignored },
        signal,
      });
      if (refusal) throw refusal;
      return answer;
    },
    enabled: can('operator') && (filter !== null || ignored.length > 0),
    placeholderData: keepPreviousData,
    gcTime: CACHE_MS,
    refetchInterval: REFRESH_MS,
  });
  const faults = isProblem(error) && error.code === 'invalid_filter' ? (error.errors ?? []) : [];
  return { test: error ? undefined : data, fault: faults[0], error: faults.length > 0 ? null : error };
}
