import { isBoundedUrl } from '@agenthook/egress';
import { cut } from '../cut.js';
import { ToolError } from '../tool.js';

/** How much of a server's URL is shown, in characters. */
const LONGEST_SHOWN = 200;

/**
 * The base URL of an operation's path: the operator's, else the description's, resolved against the
 * description's URL if relative. https://spec.openapis.org/oas/v3.1.1.html#server-object Throws ToolError if
 * that is not an http(s) URL.
 */
export function resolveServer(
  operator: string | undefined,
  described: string | undefined,
  specUrl: string | undefined,
): URL {
  // A description without servers means `/`.
  const server = operator ?? described ?? '/';
  if (operator === undefined && server.includes('{')) {
    throw new ToolError(
      `The server of the OpenAPI description, ${cut(server, LONGEST_SHOWN)}, has a variable without a default. Set server_url.`,
    );
  }
  if (!isBoundedUrl(server) || !URL.canParse(server, specUrl)) {
    throw new ToolError('The OpenAPI description does not name its server. Set server_url.');
  }
  const url = new URL(server, specUrl);
  if (!/^https?:$/.test(url.protocol)) {
    throw new ToolError(
      `The OpenAPI description names a server with the scheme ${url.protocol}. Set server_url.`,
    );
  }
  url.hash = '';
  return url;
}
