import createFetchClient from 'openapi-fetch';
import createQueryApi from 'openapi-react-query';
import type { components, paths } from './generated/schema.js';

/** A named schema of openapi.json, as in `Schema<'Agent'>`. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

/**
 * For calls that no hook of `api` fits. The browser sends the session cookie by itself, because the origin is
 * the same.
 */
export const client = createFetchClient<paths>({ baseUrl: '/' });

/**
 * `api.useQuery('get', '/api/agents')`, `api.useMutation('post', …)`, `api.queryOptions(…)`, all typed from
 * openapi.json.
 */
export const api = createQueryApi(client);
