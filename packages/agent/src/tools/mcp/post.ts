import { ToolError } from '../tool.js';

/** What a refusal says: its body, unless that is a page for people, and what its headers add. */
export function refusal({ headers }: Response, body: string): string {
  // The SDK reads the code of an error of JSON-RPC.
  if (body.includes('"jsonrpc"')) return body;
  const text = /^\s*</.test(body) ? 'The answer is a web page.' : body;
  const challenge = headers.get('www-authenticate') ?? '';
  const wait = headers.get('retry-after') ?? undefined;
  return (text === '' ? challenge : text) + (wait === undefined ? '' : ` (retry after ${wait})`);
}

/** The redirects that keep method and body, and those that browsers make a GET of. */
const REPEATED = [307, 308];
const MOVED = [301, 302, 303];

/**
 * Sends a request. Throws for a redirect that would turn a POST into a GET: the server's refusal of that GET
 * would explain nothing.
 */
export async function post(
  fetch: typeof globalThis.fetch,
  input: Parameters<typeof fetch>[0],
  init: RequestInit,
): Promise<Response> {
  if (init.method !== 'POST') return await fetch(input, init);
  const response = await fetch(input, { ...init, redirect: 'manual' });
  const location = response.headers.get('location');
  if (location === null || ![...MOVED, ...REPEATED].includes(response.status)) return response;
  await response.body?.cancel();
  if (REPEATED.includes(response.status)) return await fetch(input, init);
  throw new ToolError(`The MCP server has moved to ${location}. Set url to that.`);
}

/** The text of `initialize` with another version. */
export function withVersion(body: RequestInit['body'], version: string | undefined): RequestInit['body'] {
  if (version === undefined || typeof body !== 'string') return body;
  const { params, ...message } = JSON.parse(body) as { params: object };
  return JSON.stringify({ ...message, params: { ...params, protocolVersion: version } });
}
