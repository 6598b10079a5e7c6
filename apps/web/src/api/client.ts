import { parseJson } from '@agenthook/json';
import createFetchClient from 'openapi-fetch';
import createQueryApi from 'openapi-react-query';
import type { components, paths } from './generated/schema.js';

/** A named schema of openapi.json, as in `Schema<'Agent'>`. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

/** A fetch whose JSON keeps the digits of long numbers. openapi-fetch calls `json` if the length is known. */
async function exactFetch(request: Request): Promise<Response> {
  const response = await fetch(request);
  if (!response.ok || response.headers.get('content-type')?.includes('json') !== true) return response;
  const text = await response.text();
  const headers = new Headers(response.headers);
  headers.set('content-length', String(text.length));
  const read = new Response(text, { status: response.status, headers });
  return Object.assign(read, { json: async () => parseJson(text) });
}

/**
 * For calls that no hook of `api` fits. The browser sends the session cookie by itself, because the origin is
 * the same.
 */
export const client = createFetchClient<paths>({ baseUrl: '/', fetch: exactFetch });

/**
 * `api.useQuery('get', '/api/agents')`, `api.useMutation('post', …)`, `api.queryOptions(…)`, all typed from
 * openapi.json.
 */
export const api = createQueryApi(client);
