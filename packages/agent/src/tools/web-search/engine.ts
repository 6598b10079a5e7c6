import type { EgressRequest, EgressResponse } from '@agenthook/egress';
import { isJsonObject } from '@agenthook/json';

/** How to query a web search engine and read its answers. */
export interface SearchEngine {
  /** The name for people. */
  title: string;
  /** Its default URL; undefined if `base_url` is required. */
  baseUrl: string | undefined;
  /** Which key to set; undefined if it needs none. */
  keyHint: string | undefined;
  /** The request for `query`, for at most `count` results. `base` has no trailing slash. */
  request(base: string, query: string, count: number, key: string): { url: string } & EgressRequest;
  /** The results in its answer, parsed JSON of any shape. */
  results(answer: unknown): { title: unknown; url: unknown; snippet: unknown }[];
  /** The meaning of an error status that is specific to this engine; undefined for the common meaning. */
  explain?(response: EgressResponse): string | undefined;
}

type Fields = Record<string, unknown>;

/** The objects in `answer[path[0]][path[1]]…`; none if there is no such list. */
export function objectsAt(answer: unknown, ...path: string[]): Fields[] {
  let value = answer;
  for (const key of path) value = isJsonObject(value) ? value[key] : undefined;
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
