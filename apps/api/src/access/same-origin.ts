import type { FastifyRequest } from 'fastify';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether an Origin header (RFC 6454) names the host of the request, which may include a default port. */
function isOwn(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname, port } = new URL(origin);
  const own = `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
  return host.toLowerCase() === own || (port === '' && host.toLowerCase() === hostname);
}

/**
 * Whether a page of ours made a request that carries a cookie. Reads are always harmless. For other methods,
 * Sec-Fetch-Site decides (Fetch Metadata) or, for http pages that do not send it, Origin.
 */
export function isSameOrigin({ method, headers, host }: FastifyRequest): boolean {
  if (SAFE_METHODS.has(method)) return true;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  return headers.origin !== undefined && isOwn(headers.origin, host);
}

/** Whether a page of another origin made the request. Clients other than browsers send neither header. */
export function isOfAnotherOrigin({ headers, host }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') return true;
  if (site !== undefined || headers.origin === undefined) return false;
  return !isOwn(headers.origin, host);
}
