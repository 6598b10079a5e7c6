import { api } from '../../api/client.js';
import type { BulkInput } from './bulk-words.js';

/** How many items match; undefined until that is known. */
export function useMatching(body: BulkInput, isWanted = true) {
  const isNamed = body.ids !== undefined;
  const { data } = api.useQuery(
    'post',
    '/api/bulk/count',
    { body },
    { enabled: isWanted && !isNamed, staleTime: 5_000, gcTime: 0 },
  );
  return isNamed ? { matching: body.ids?.length ?? 0, is_complete: true } : data;
}
