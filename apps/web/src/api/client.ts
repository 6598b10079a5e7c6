import createFetchClient from 'openapi-fetch';
import createQueryApi from 'openapi-react-query';
import type { components, paths } from './generated/schema.js';

/** A named shape of openapi.json: `Schema<'Agent'>`. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

/** For calls that no hook of `api` fits. The session's cookie goes along by itself: same origin. */
export const client = createFetchClient<paths>({ baseUrl: '/' });

/** `api.useQuery('get', '/api/agents')`, `api.useMutation('post', …)`, `api.queryOptions(…)`, all typed by openapi.json. */
export const api = createQueryApi(client);
