import type { FastifyRequest } from 'fastify';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether an Origin header (RFC 6454) names the host that the request went to, which may name a default port too. */
function isOwn(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname, port } = new URL(origin);
  const own = `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
  return host.toLowerCase() === own || (port === '' && host.toLowerCase() === hostname);
}

/**
 * Whether a request that a browser sends with a cookie was made by a page of ours: reading always is harmless; else
 * Sec-Fetch-Site says it (Fetch Metadata) or, from http pages that send none, Origin.
 */
export function isSameOrigin({ method, headers, host }: FastifyRequest): boolean {
  if (SAFE_METHODS.has(method)) return true;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  return headers.origin !== undefined && isOwn(headers.origin, host);
}

/** Whether a request was made by a page of another origin. Programs that are no browser send neither header. */
export function isOfAnotherOrigin({ headers, host }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') return true;
  if (site !== undefined || headers.origin === undefined) return false;
  return !isOwn(headers.origin, host);
}
