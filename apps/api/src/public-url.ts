import type { FastifyRequest } from 'fastify';

/** A host as a URL may have it, with its port. */
const HOST = /^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/;

/**
 * The address under which a caller behind a trusted proxy reached it, without a slash at the end: X-Forwarded-Proto and
 * X-Forwarded-Host, or Host where the proxy hands that on. Undefined for a request that came through no such proxy, which
 * could claim anything.
 */
export function forwardedUrl({ ips = [], protocol, host }: FastifyRequest): string | undefined {
  // The first is the peer's own address; more are told by peers that are believed.
  if (ips.length < 2) return undefined;
  return /^https?$/.test(protocol) && HOST.test(host) ? `${protocol}://${host}` : undefined;
}

/** An address without the slashes at its end. */
export function withoutEndSlashes(url: string): string {
  let end = url.length;
  while (url[end - 1] === '/') end -= 1;
  return url.slice(0, end);
}
