import { queryOptions } from '@tanstack/react-query';
import { client } from './client.js';

/** How often the state of the installation is asked for, in ms. */
const REFRESH_MS = 5_000;

/** Whether tasks can be taken and will run. Its 503 is an answer too, with the same shape. */
export const readinessQuery = queryOptions({
  queryKey: ['get', '/readyz'],
  queryFn: async ({ signal }) => {
    const { data, error } = await client.GET('/readyz', { signal });
    const state = data ?? error;
    if (state === undefined) throw new TypeError('/readyz did not answer');
    return state;
  },
  refetchInterval: REFRESH_MS,
});

export type Readiness = Awaited<ReturnType<Exclude<(typeof readinessQuery)['queryFn'], symbol | undefined>>>;
