import { parseJson } from '@agenthook/json';
import createFetchClient from 'openapi-fetch';
import createQueryApi from 'openapi-react-query';
import { createFetchChanged, isJson } from './fetch-changed.js';
import type { components, paths } from './generated/schema.js';

/** A named schema of openapi.json, as in `Schema<'Agent'>`. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

/** The body of a test of an agent. */
export type AgentTestBody =
  paths['/api/agents/{id}/test']['post']['requestBody']['content']['application/json'];

const fetchChanged = createFetchChanged();

/** A fetch whose JSON keeps the digits of long numbers. openapi-fetch calls `json` if the length is known. */
async function exactFetch(request: Request): Promise<Response> {
  const { response, ...read } = await fetchChanged(request);
  const text = read.text ?? (response.ok && isJson(response) ? await response.text() : undefined);
  if (text === undefined) return response;
  const headers = new Headers(response.headers);
  headers.set('content-length', String(text.length));
  return Object.assign(new Response(text, { status: response.status, headers }), {
    json: async () => parseJson(text),
  });
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
