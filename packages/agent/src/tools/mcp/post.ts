import { ToolError } from '../tool.js';

/** How much of a header is told, in characters. */
const LONGEST_HEADER = 300;

/** What a refusal says: its body, unless that is a page for people, and what its headers add. */
export function refusal({ headers }: Response, body: string): string {
  const text = /^\s*</.test(body) ? 'The answer is a web page.' : body;
  const challenge = headers.get('www-authenticate')?.slice(0, LONGEST_HEADER) ?? '';
  const wait = headers.get('retry-after')?.slice(0, LONGEST_HEADER);
  return (text === '' ? challenge : text) + (wait === undefined ? '' : ` (retry after ${wait})`);
}

/** The redirects that keep method and body, and those that browsers make a GET of. */
const REPEATED = [307, 308];
const MOVED = [301, 302, 303];

/** Sends a request. A post is not made a GET by a redirect, whose refusal would explain nothing. */
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
  throw new ToolError(`The MCP server has moved to ${location.slice(0, LONGEST_HEADER)}. Set url to that.`);
}

/** The text of `initialize` with another version. */
export function withVersion(body: RequestInit['body'], version: string | undefined): RequestInit['body'] {
  if (version === undefined || typeof body !== 'string') return body;
  const { params, ...message } = JSON.parse(body) as { params: object };
  return JSON.stringify({ ...message, params: { ...params, protocolVersion: version } });
}
