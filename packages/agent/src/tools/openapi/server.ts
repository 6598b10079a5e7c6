import { isBoundedUrl } from '@agenthook/egress';
import { ToolError } from '../tool.js';

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
