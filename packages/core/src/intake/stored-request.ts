import type { InboundRequest } from './inbound.js';

/** The request of which method, headers and `eventBytes` were kept. Its other headers are gone. */
export function requestOf(
  { method, headers: kept }: { method: string; headers: Record<string, string | null> },
  bytes: Buffer,
): InboundRequest & { headers: Record<string, string> } {
  const headers = Object.fromEntries(
    Object.entries(kept).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
  if (method !== 'GET') return { method, url: '', query: '', body: bytes, headers };
  const query = bytes.toString('latin1');
  return { method, url: `?${query}`, query, body: Buffer.alloc(0), headers };
}
