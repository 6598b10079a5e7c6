/** Headers of a request, with names in lower case. */
export type RequestHeaders = Record<string, string | string[] | undefined>;

/** Headers under names in lower case. */
export const withLowerNames = <Value>(headers: Record<string, Value>): Record<string, Value> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** A request as it arrived. */
export interface SenderRequest {
  method: string;
  /** Path and query, as sent. */
  url: string;
  /** The query without its question mark, as sent. */
  query: string;
  /** The raw bytes. */
  body: Buffer;
  headers: RequestHeaders;
  /** The URL before the path by which callers reach the api, if that is known. */
  publicUrl?: string | undefined;
}
