import type { FastifyRequest } from 'fastify';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a request that a browser sends with a cookie was made by a page of ours: reading always is harmless; else
 * Sec-Fetch-Site says it (Fetch Metadata) or, from http pages that send none, Origin (RFC 6454).
 */
export function isSameOrigin({ method, headers, host }: FastifyRequest): boolean {
  if (SAFE_METHODS.has(method)) return true;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin } = headers;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
