import type { EgressRequest, EgressResponse } from '@agenthook/egress';

/** What a search engine of the web is asked by, and how its answers are read. */
export interface SearchEngine {
  /** For people. */
  title: string;
  /** Where it is, unless `base_url` says otherwise; undefined where it must. */
  baseUrl: string | undefined;
  /** What to set when it wants a key; undefined where it wants none. */
  keyHint: string | undefined;
  /** The request for `query`, for at most `count` results. `base` has no slash at its end. */
  request(base: string, query: string, count: number, key: string): { url: string } & EgressRequest;
  /** The results in its answer, a parsed JSON of any shape. */
  results(answer: unknown): { title: unknown; url: unknown; snippet: unknown }[];
  /** What an error status means that only this engine gives; undefined for the common meaning. */
  explain?(response: EgressResponse): string | undefined;
}

type Fields = Record<string, unknown>;

/** The objects in `answer[path[0]][path[1]]…`, none where there is no such list. */
export function objectsAt(answer: unknown, ...path: string[]): Fields[] {
  let value = answer;
  for (const key of path) value = isFields(value) ? value[key] : undefined;
  return Array.isArray(value) ? value.filter(isFields) : [];
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
