import type { Query } from '@agenthook/contracts';
import type { InboundRequest } from './inbound.js';
import { writeQuery } from './read-query.js';

/** A request from its stored method, headers, query and `eventBytes`. Other headers are missing. */
export function requestOf(
  {
    method,
    headers: kept,
    query: parsed,
  }: { method: string; headers: Record<string, string | null>; query?: Query },
  bytes: Buffer,
): InboundRequest & { headers: Record<string, string> } {
  const headers = Object.fromEntries(
    Object.entries(kept).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
  const isGet = method === 'GET';
  const query = isGet ? bytes.toString('latin1') : writeQuery(parsed);
  return { method, url: `?${query}`, query, body: isGet ? Buffer.alloc(0) : bytes, headers };
}
