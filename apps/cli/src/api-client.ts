/** An answer of the api. `body` is its parsed JSON; undefined if there was none. */
export interface Answer<T> {
  status: number;
  body: T | undefined;
}

export type ApiClient = <T>(
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer<T>>;

const TIMEOUT_MS = 10_000;

/**
 * A client for an api.
 *
 * @param url the api's URL, without a trailing slash
 * @param adminKey sent as the bearer token
 * @returns a function that rejects only if the api does not answer in time
 */
export function apiClient(url: string, adminKey: string): ApiClient {
  return async (method, path, body, headers) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...headers,
        authorization: `Bearer ${adminKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    try {
      return { status: response.status, body: JSON.parse(text) };
    } catch {
      return { status: response.status, body: undefined };
    }
  };
}
