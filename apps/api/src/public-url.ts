import type { FastifyRequest } from 'fastify';

/** A host in a URL, with an optional port. */
const HOST = /^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/;

/**
 * The URL by which a caller behind a trusted proxy reached it, without a trailing slash: from
 * X-Forwarded-Proto and X-Forwarded-Host, or from Host if the proxy passes that on. Undefined if the request
 * did not come through a trusted proxy, because it could claim anything.
 */
export function forwardedUrl({ ips = [], protocol, host }: FastifyRequest): string | undefined {
  // The first entry is the peer's own address. Further entries come only from trusted peers.
  if (ips.length < 2) return undefined;
  return /^https?$/.test(protocol) && HOST.test(host) ? `${protocol}://${host}` : undefined;
}

/** The URL without trailing slashes. */
export function withoutEndSlashes(url: string): string {
  let end = url.length;
  while (url[end - 1] === '/') end -= 1;
  return url.slice(0, end);
}
