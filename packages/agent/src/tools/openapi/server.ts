import { isBoundedUrl } from '@agenthook/egress';
import { ToolError } from '../tool.js';
import { isFields, listOf, textOf } from './document.js';

/** The first server of a `servers` list, its variables at their defaults; undefined where there is none. */
export function serverOf(servers: unknown): string | undefined {
  const [first] = listOf(servers);
  const url = isFields(first) ? textOf(first.url) : undefined;
  if (url === undefined || !isFields(first)) return undefined;
  const variables = isFields(first.variables) ? first.variables : {};
  return url.replace(/\{([^{}]+)\}/g, (whole, name: string) => {
    const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
    return isFields(variable) ? String(variable.default ?? whole) : whole;
  });
}

/**
 * The address that an operation's path is appended to: the operator's, else the description's, relative ones resolved
 * against where the description is. https://spec.openapis.org/oas/v3.1.1.html#server-object
 * Throws ToolError when that gives no http(s) address.
 */
export function resolveServer(
  operator: string | undefined,
  described: string | undefined,
  specUrl: string | undefined,
): URL {
  // Without a server, a description means `/`.
  const server = operator ?? described ?? '/';
  if (!isBoundedUrl(server) || !URL.canParse(server, specUrl)) {
    throw new ToolError('The OpenAPI description does not say where its server is. Set server_url.');
  }
  const url = new URL(server, specUrl);
  if (!/^https?:$/.test(url.protocol)) {
    throw new ToolError(
      `The OpenAPI description names a server of the kind ${url.protocol}. Set server_url.`,
    );
  }
  url.hash = '';
  return url;
}
