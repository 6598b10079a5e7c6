import { queryOptions } from '@tanstack/react-query';
import { client } from './client.js';
import { isProblem } from './problem.js';

/** How often the installation's state is read, in ms: more often while something is wrong. */
const [READY_MS, TROUBLE_MS] = [10_000, 2_000];

export interface Readiness {
  ready: boolean;
  redis: boolean;
  workers: number;
  seals_at_rest?: boolean;
  problems: string[];
}

/** The readiness check. Its 503 answer has the same shape and is data too. */
export const readinessQuery = queryOptions({
  queryKey: ['get', '/readyz'],
  queryFn: async ({ signal }): Promise<Readiness> => {
    const { data, error } = await client.GET('/readyz', { signal });
    const state = data ?? (isProblem(error) ? undefined : error);
    if (state === undefined) throw new TypeError('/readyz did not answer');
    const { ready, redis, workers, problems, seals_at_rest } = state;
    if (redis === undefined || workers === undefined || problems === undefined)
      return await readDetails(ready, signal);
    return { ready, redis, workers, problems, ...(seals_at_rest !== undefined && { seals_at_rest }) };
  },
  refetchInterval: ({ state }) => (state.data?.ready ? READY_MS : TROUBLE_MS),
});

/** Reads the details when METRICS_KEY guards those of /readyz. Any signed-in user may read them. */
async function readDetails(ready: boolean, signal: AbortSignal): Promise<Readiness> {
  const { data, error } = await client.GET('/api/readiness', { signal });
  if (data !== undefined) return data;
  // Without Redis, the api cannot look up any session.
  const redis = !(isProblem(error) && error.code === 'redis_unavailable');
  const problem = redis ? 'The installation is not ready.' : 'Redis does not answer.';
  return { ready, redis, workers: 0, problems: ready ? [] : [problem] };
}
